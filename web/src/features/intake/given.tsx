/** The world around the call desk for its tests: a voice that speaks the seat protocol, a server, a browser's ears. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, vi } from "vitest";
import { type Catalogue, useCatalogueStore } from "@/api/catalogue";
import { useOutbox } from "@/api/outbox";
import { useSession } from "@/app/session";
import { hush } from "@/keys/notice";
import { useRegistry } from "@/keys/registry";
import { useRoom } from "@/live/room";
import { emptyTables } from "@/live/upsert";
import { useDrafts } from "./draft/drafts";
import Screen from "./Screen";
import type { CallOffer, FromVoice } from "./seat/protocol";
import { standUp } from "./seat/seat";
import { useLastOutcome } from "./verbs";

export const OFFER: CallOffer = {
  call_id: "01934f5e-7c1a-7b3c-9f00-0123456789ab",
  number: "081288450012",
  number_class: "usable",
  display_name: null,
  offered_at: new Date().toISOString(),
  dialed_number: "112",
  trunk: "lokal",
  evidence: [
    {
      source: "pidf_lo",
      method: "GPS",
      received_at: new Date().toISOString(),
      parse_status: "ok",
      lon: 106.54,
      lat: -6.17,
      uncertainty_m: 18,
      confidence: 0.95,
    },
  ],
};

/** Voice at the other end of the seat's socket. */
export class Voice {
  static at: Voice | null = null;
  readyState = 1;
  heard: { type: string; [field: string]: unknown }[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  constructor(readonly url: string) {
    Voice.at = this;
    queueMicrotask(() => this.onopen?.());
  }
  send(text: string): void {
    this.heard.push(JSON.parse(text));
  }
  close(code = 1000): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }
  says(message: FromVoice): void {
    act(() => this.onmessage?.({ data: JSON.stringify(message) }));
  }
  welcomes(): void {
    this.says({
      type: "welcome",
      seat: "meja-2",
      state: "ready",
      reason: null,
      since: new Date().toISOString(),
      node: "n",
      server_time: new Date().toISOString(),
      current_call: null,
      queue: [],
      seats: [],
      wrap_up_s: 30,
      ring_s: 8,
    });
    this.says({ type: "media", state: "up" });
  }
  rings(call = OFFER): void {
    this.says({ type: "ring", call, ring_s: 8, resume: false });
  }
  answers(call = OFFER): void {
    this.says({
      type: "answered",
      call_id: call.call_id,
      answered_at: new Date().toISOString(),
      resumed: false,
    });
  }
  ends(by: "caller" | "agent", call = OFFER): void {
    this.says({ type: "ended", call_id: call.call_id, cause: `${by}_released`, by });
  }
}

/** The microphone's track, and what the running connection was given to speak through instead. */
export const mouth: { track: { onended?: () => void } | null; replaced: number } = {
  track: null,
  replaced: 0,
};

/** Parts of a browser that jsdom does not have; silent and deaf. */
function browser(): void {
  const node = { connect: () => node, disconnect: () => {}, gain: { value: 0, setTargetAtTime: () => {} } };
  const tone = { ...node, frequency: { value: 0 }, start: () => {}, stop: () => {} };
  class Sound {
    state = "running";
    currentTime = 0;
    destination = node;
    resume = async () => {};
    createGain = () => node;
    createOscillator = () => tone;
    createAnalyser = () => ({ ...node, fftSize: 8, getFloatTimeDomainData: () => {} });
    createMediaStreamSource = () => node;
    createMediaStreamDestination = () => ({ ...node, stream: new Mic() });
  }
  class Mic {
    track: { stop: () => void; onended?: () => void } = { stop: () => {} };
    getAudioTracks = () => {
      mouth.track = this.track;
      return [this.track];
    };
    getTracks = () => [];
  }
  class Peer {
    iceGatheringState = "complete";
    localDescription = { sdp: "v=0" };
    addTransceiver = () => ({
      sender: {
        replaceTrack: async () => {
          mouth.replaced += 1;
        },
      },
    });
    createOffer = async () => ({ type: "offer", sdp: "v=0" });
    setLocalDescription = async () => {};
    setRemoteDescription = async () => {};
    close = () => {};
  }
  vi.stubGlobal("AudioContext", Sound);
  vi.stubGlobal("RTCPeerConnection", Peer);
  vi.stubGlobal("WebSocket", Object.assign(Voice, { OPEN: 1 }));
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe = () => {};
      disconnect = () => {};
    },
  );
  vi.stubGlobal("matchMedia", () => ({
    matches: false,
    addEventListener: () => {},
    removeEventListener: () => {},
  }));
  Object.defineProperty(navigator, "mediaDevices", {
    configurable: true,
    value: {
      getUserMedia: async () => new Mic(),
      enumerateDevices: async () => [],
      addEventListener: () => {},
      removeEventListener: () => {},
    },
  });
}

/** Sits down at a seat as an operator does, and voice welcomes. */
export async function seated(answers: Answers = {}): Promise<Asked[]> {
  const asked = server(answers);
  showDesk();
  await userEvent.click(screen.getByRole("button", { name: /Tes mikrofon/ }));
  await userEvent.click(screen.getByRole("button", { name: /Duduk dan Siap/ }));
  await waitFor(() => expect(Voice.at?.heard[0]?.type).toBe("hello"));
  Voice.at?.welcomes();
  return asked;
}

/** … and has answered a call. */
export async function talking(answers: Answers = {}): Promise<Asked[]> {
  const asked = await seated(answers);
  Voice.at?.rings();
  key("F2");
  Voice.at?.answers();
  return asked;
}

export const key = (name: string, more: KeyboardEventInit = {}) =>
  fireEvent.keyDown(document.activeElement ?? window, { key: name, ...more });
export const alt = (letter: string) => key(letter.toLowerCase(), { altKey: true, code: `Key${letter}` });

/** An open incident as the room sends it. */
export const opened = {
  id: "i1",
  rev: 1,
  ticket_number: "112-20261124-0042",
  short_number: 42,
  priority: "P1",
  state: "new",
  restricted: false,
  type: "FIR01",
  category: "FIR",
  opened_at: new Date().toISOString(),
  place_text: "Gg. Melati 3",
};

export type Asked = { method: string; path: string; body: unknown; key: string | null };
export type Answers = Record<string, (asked: Asked) => { status?: number; body: unknown } | "away">;

/** The server: answers by path; what it was asked is kept in order. Unknown paths are away. */
export function server(answers: Answers): Asked[] {
  const asked: Asked[] = [];
  vi.stubGlobal("fetch", async (url: string, init: RequestInit = {}) => {
    const path = String(url).split("?")[0] ?? "";
    const headers = (init.headers ?? {}) as Record<string, string>;
    const one: Asked = {
      method: init.method ?? "GET",
      path,
      body: init.body ? JSON.parse(String(init.body)) : null,
      key: headers["Idempotency-Key"] ?? null,
    };
    asked.push(one);
    const found = Object.entries(answers).find(([pattern]) => new RegExp(`^/api${pattern}$`).test(path));
    const answer = found ? found[1](one) : "away";
    if (answer === "away") throw new TypeError("no route to the server");
    return new Response(JSON.stringify(answer.body), { status: answer.status ?? 200 });
  });
  return asked;
}

const named = (code: string, id: string, en: string) => ({ code, name: { id, en } });

export const CATALOGUE = {
  call_limits: { undo_s: 30, junk_look_s: 60 },
  incident_limits: { same_within_m: 300, same_within_s: 1800 },
  categories: [
    { ...named("FIR", "Darurat kebakaran", "Fire"), national_group: "kebakaran", restricted: false },
    {
      ...named("PPA", "Kekerasan anak dan perempuan", "Violence"),
      national_group: "keamanan",
      restricted: true,
    },
  ],
  incident_types: [
    {
      ...named("FIR01", "Kebakaran rumah/bangunan", "Structure fire"),
      category: "FIR",
      national_group: "kebakaran",
      agencies: ["BPBD_DAMKAR"],
      priority: "P1",
      restricted: false,
      tell_supervisor: false,
    },
    {
      ...named("PPA01", "KDRT sedang berlangsung", "Domestic violence"),
      category: "PPA",
      national_group: "keamanan",
      agencies: ["POLRI"],
      priority: "P1",
      restricted: true,
      tell_supervisor: false,
    },
  ],
  dangers: [
    named("fire_visible", "Api terlihat", "Flames visible"),
    named("person_inside", "Orang di dalam", "Person inside"),
  ],
  intake_channels: [named("radio", "Radio", "Radio"), named("walk_in", "Datang langsung", "Walk-in")],
  not_ready_reasons: [named("break", "Istirahat", "Break")],
} as unknown as Catalogue;

/** An operator signed in, nothing on the desk; the room is live. */
export function givenDesk(): void {
  browser();
  standUp();
  sessionStorage.clear();
  Voice.at = null;
  useSession.setState({
    phase: "signed_in",
    who: {
      account: {
        id: "me",
        username: "operator2",
        display_name: "Operator Demo 2",
        roles: ["agent"],
        agency: null,
        unit_id: null,
      },
      ends_at: new Date(Date.now() + 8 * 3600_000).toISOString(),
      server_time: new Date().toISOString(),
      roles: ["agent"],
      permissions: ["call.take", "incident.open", "incident.read"],
      agency: null,
      unit_id: null,
      home: "/panggilan",
      voice: { url: "ws://voice.test/seat", token: "t", seats: ["meja-1", "meja-2"] },
    },
  });
  useRoom.setState({
    tables: emptyTables(),
    positions: {},
    seq: 1,
    phase: "live",
    heardAt: Date.now(),
    lostSince: null,
  });
  useCatalogueStore.setState({ catalogue: CATALOGUE });
  useDrafts.setState({ drafts: {}, focus: null });
  useOutbox.setState({ waiting: [], sending: false });
  useLastOutcome.setState({ last: null });
  useRegistry.setState({ lists: {}, busy: new Set() });
  hush();
}

export function showDesk() {
  return render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <Screen />
    </QueryClientProvider>,
  );
}
