/** Words of the screens, in Bahasa Indonesia and English. One file an area and language; keys are typed from the Indonesian one. */
import { create } from "zustand";
import enAgency from "./en/agency.json";
import enAssignment from "./en/assignment.json";
import enCommon from "./en/common.json";
import enCrew from "./en/crew.json";
import enDashboard from "./en/dashboard.json";
import enDemo from "./en/demo.json";
import enDispatch from "./en/dispatch.json";
import enIntake from "./en/intake.json";
import enReports from "./en/reports.json";
import enSignin from "./en/signin.json";
import enSupervisor from "./en/supervisor.json";
import enWall from "./en/wall.json";
import idAgency from "./id/agency.json";
import idAssignment from "./id/assignment.json";
import idCommon from "./id/common.json";
import idCrew from "./id/crew.json";
import idDashboard from "./id/dashboard.json";
import idDemo from "./id/demo.json";
import idDispatch from "./id/dispatch.json";
import idIntake from "./id/intake.json";
import idReports from "./id/reports.json";
import idSignin from "./id/signin.json";
import idSupervisor from "./id/supervisor.json";
import idWall from "./id/wall.json";

// Each area adds its pair of files here: one import a language, one line below.
const ID = {
  ...idCommon,
  ...idSignin,
  ...idIntake,
  ...idAgency,
  ...idAssignment,
  ...idCrew,
  ...idDispatch,
  ...idDashboard,
  ...idDemo,
  ...idReports,
  ...idSupervisor,
  ...idWall,
};
const EN = {
  ...enCommon,
  ...enSignin,
  ...enIntake,
  ...enAgency,
  ...enAssignment,
  ...enCrew,
  ...enDispatch,
  ...enDashboard,
  ...enDemo,
  ...enReports,
  ...enSupervisor,
  ...enWall,
};

export type Key = keyof typeof ID;
export type Facts = Record<string, string | number>;
export type Language = "id" | "en";
export type Translate = (key: Key, facts?: Facts) => string;

const CATALOGUES: Record<Language, Record<string, string>> = { id: ID, en: EN };
const KEPT_AS = "sigap.language";

/** The language the address asks for (`?lang=en`, a chair of the demo), else the one spoken here last. */
function firstLanguage(): Language {
  const asked = new URLSearchParams(globalThis.location?.search).get("lang");
  if (asked === "id" || asked === "en") globalThis.localStorage?.setItem(KEPT_AS, asked);
  return globalThis.localStorage?.getItem(KEPT_AS) === "en" ? "en" : "id";
}

export const useLanguage = create<{ language: Language; speak: (language: Language) => void }>()((set) => ({
  language: firstLanguage(),
  speak: (language) => {
    localStorage.setItem(KEPT_AS, language);
    document.documentElement.lang = language;
    set({ language });
  },
}));

export function language(): Language {
  return useLanguage.getState().language;
}

function fill(text: string, facts?: Facts): string {
  return facts ? text.replace(/\{(\w+)\}/g, (whole, name: string) => String(facts[name] ?? whole)) : text;
}

/** The text of a key outside React; inside use `useT`, which redraws when the language changes. */
export function translate(key: Key, facts?: Facts): string {
  return fill(CATALOGUES[language()][key] ?? key, facts);
}

/** True when the key of a value made at run time (a status code, a reason) has a text. */
export function isKey(key: string): key is Key {
  return key in ID;
}

export function useT(): Translate {
  const spoken = useLanguage((state) => state.language);
  return (key, facts) => fill(CATALOGUES[spoken][key] ?? key, facts);
}

/** Text of a code that the server sends (`unit_status.en_route`); the bare code when we have no word for it. */
export function useWord(): (group: string, code: string | null | undefined) => string {
  const t = useT();
  return (group, code) => {
    if (!code) return "–";
    const key = `${group}.${code}`;
    return isKey(key) ? t(key) : code;
  };
}
