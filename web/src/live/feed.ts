/** Keeps the room store in step with the server: snapshot, stream, reconnect, age. */
import { get, Problem } from "@/api/http";
import { noteServerMs, serverNow } from "./clock";
import { applyChanges, applyPositions, replaceRoom, useRoom } from "./room";
import type { Change, Position } from "./rows";
import { readStream, type ServerEvent, StreamRefused } from "./sse";
import { fromSnapshot } from "./upsert";

type Snapshot = {
  seq: number;
  tables: Record<string, Record<string, Record<string, unknown>>>;
  positions?: Record<string, Position>;
  server_time?: string;
};

const RETRY_MS = [0, 250, 500, 1000, 2000];
/** Heartbeats come each 5 s; a line silent for longer than this is taken as broken and opened anew. */
const SILENCE_MS = 12_000;
const REFUSED_RETRY_MS = 3000;

/** Kept over a reload: the room has been without its server since then, not since the page was opened. */
const LOST_SINCE = "sigap.lostSince";

function heard(): void {
  sessionStorage.removeItem(LOST_SINCE);
  useRoom.setState({ heardAt: Date.now(), phase: "live", lostSince: null });
}

function lost(): void {
  useRoom.setState((room) => ({
    phase: "lost",
    lostSince: room.lostSince ?? (Number(sessionStorage.getItem(LOST_SINCE)) || serverNow()),
  }));
  sessionStorage.setItem(LOST_SINCE, String(useRoom.getState().lostSince));
}

class NeedsSnapshot extends Error {}

/** One journal entry as the stream carries it; `kind` is its name in the journal. */
type Entry = { seq: number; at: string; kind: string; changes: Change[] };

function onEvent(event: ServerEvent): void {
  if (event.event === "reset") throw new NeedsSnapshot();
  if (event.event === "changes") {
    const entry = JSON.parse(event.data) as Entry;
    applyChanges(entry.changes, entry.seq);
  } else if (event.event === "positions") {
    applyPositions(JSON.parse(event.data) as Record<string, Position>);
  }
}

const HEARTBEAT = "heartbeat ";

function onComment(text: string): void {
  if (!text.startsWith(HEARTBEAT)) return;
  noteServerMs(Date.parse((JSON.parse(text.slice(HEARTBEAT.length)) as { at: string }).at));
}

async function snapshot(signal: AbortSignal): Promise<number> {
  const room = await get<Snapshot>("/room", { signal });
  replaceRoom(fromSnapshot(room.tables), room.seq);
  if (room.positions) applyPositions(room.positions);
  if (room.server_time) noteServerMs(Date.parse(room.server_time));
  heard();
  return room.seq;
}

async function follow(after: number, stop: AbortSignal): Promise<void> {
  const broken = new AbortController();
  const watch = setInterval(() => {
    if (Date.now() - useRoom.getState().heardAt > SILENCE_MS) broken.abort();
  }, 1000);
  try {
    await readStream(`/api/room/stream?after=${after}`, {
      onEvent,
      onComment,
      onHeard: heard,
      signal: AbortSignal.any([stop, broken.signal]),
    });
  } finally {
    clearInterval(watch);
    broken.abort();
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      done();
    });
  });
}

/** True when asking again cannot help before the person has signed in or been given the right. */
function refused(error: unknown): boolean {
  if (error instanceof StreamRefused) return error.status === 401 || error.status === 403;
  return error instanceof Problem && (error.status === 401 || error.status === 403);
}

/** The room holds nothing for this person (the dashboard's, the ministry's); the next sign-in starts a feed anew. */
function nothingToSee(error: unknown): boolean {
  return error instanceof Problem && error.status === 403;
}

async function run(stop: AbortSignal): Promise<void> {
  let haveSnapshot = false;
  let failures = 0;
  useRoom.setState({ phase: "loading" });
  while (!stop.aborted) {
    try {
      if (!haveSnapshot) {
        await snapshot(stop);
        haveSnapshot = true;
      }
      failures = 0;
      await follow(useRoom.getState().seq, stop);
      // The server ends a stream after ten minutes: open the next one at once.
    } catch (error) {
      if (stop.aborted) return;
      if (error instanceof NeedsSnapshot) {
        haveSnapshot = false;
        continue;
      }
      failures += 1;
      if (nothingToSee(error)) {
        useRoom.setState({ phase: "idle", lostSince: null });
        return;
      }
      if (refused(error)) {
        // Not the server's absence: the person must sign in again. The next snapshot asks and says so.
        haveSnapshot = false;
        await pause(REFUSED_RETRY_MS, stop);
        continue;
      }
      lost();
      await pause(RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? 2000, stop);
    }
  }
}

let running: AbortController | null = null;

/** Starts the feed of the signed-in person; a running one is stopped first. */
export function startFeed(): void {
  stopFeed();
  running = new AbortController();
  void run(running.signal);
}

export function stopFeed(): void {
  running?.abort();
  running = null;
}
