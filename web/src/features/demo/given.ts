/** Chairs for tests, as the demo's doors send them. */
import type { Chair } from "@/api/demo";

export function chair(username: string, more: Partial<Chair> = {}): Chair {
  return {
    username,
    display_name: `${username} Demo`,
    roles: ["agent"],
    agency: null,
    unit_id: null,
    home: "/panggilan",
    url: `http://${username}.localhost:8112/api/demo/sit/${username}`,
    occupied: false,
    simulated: true,
    ...more,
  };
}

const crew = (code: string, agency: string) =>
  chair(`crew-${code.toLowerCase()}`, {
    display_name: `Awak ${code} Demo`,
    roles: ["field_unit"],
    agency,
    unit_id: `u-${code}`,
    home: "/lapangan",
  });

const officer = (agency: string) =>
  chair(`opd-${agency.toLowerCase().replace("_", "-")}`, { roles: ["agency_officer"], agency, home: "/opd" });

/** A small city: every kind of chair. */
export function city(): Chair[] {
  return [
    chair("admin", { roles: ["admin"], home: "/" }),
    crew("DMK-10", "BPBD_DAMKAR"),
    crew("DMK-02", "BPBD_DAMKAR"),
    crew("AMB-01", "DINKES_PSC119"),
    officer("BPBD_DAMKAR"),
    officer("PLN"),
    chair("dispatcher1", { roles: ["dispatcher"], home: "/dispatch" }),
    chair("kementerian1", { roles: ["ministry_viewer"], home: "/laporan" }),
    chair("layar1", { roles: ["wall_device"], home: "/layar" }),
    chair("operator2"),
    chair("operator1", { display_name: "Operator Demo 1" }),
    chair("operator3", { occupied: true }),
    chair("penyelia1", { roles: ["supervisor"], home: "/supervisor" }),
    chair("pimpinan1", { roles: ["executive"], home: "/dasbor" }),
    chair("ppa1", { roles: ["ppa_officer", "agency_officer"], agency: "DP3A", home: "/opd" }),
  ];
}
