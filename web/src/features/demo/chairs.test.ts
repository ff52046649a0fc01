import { expect, it } from "vitest";
import { columnsOf, crewsMatching, inGroups, neighbour, playerOf } from "./chairs";
import { chair, city } from "./given";

it("puts every chair but the administrator's into one group", () => {
  const groups = inGroups(city());
  expect(groups.room.map((group) => [group.id, group.chairs.map((one) => one.username)])).toEqual([
    ["operators", ["operator1", "operator2", "operator3"]],
    ["room", ["dispatcher1", "penyelia1", "layar1"]],
    ["view", ["pimpinan1", "kementerian1", "ppa1"]],
  ]);
  expect(groups.agencies.map((one) => one.username)).toEqual(["opd-bpbd-damkar", "opd-pln"]);
  expect(groups.crews.map((group) => [group.id, group.chairs.map((one) => one.username)])).toEqual([
    ["BPBD_DAMKAR", ["crew-dmk-02", "crew-dmk-10"]],
    ["DINKES_PSC119", ["crew-amb-01"]],
  ]);
});

it("says who plays a chair; a chair that only looks on is never played by a colleague", () => {
  expect(playerOf(chair("operator1", { occupied: true }))).toBe("person");
  expect(playerOf(chair("operator1"))).toBe("colleague");
  expect(playerOf(chair("operator1", { simulated: false }))).toBe("nobody");
  expect(playerOf(chair("penyelia1", { roles: ["supervisor"] }))).toBe("nobody");
  expect(playerOf(chair("ppa1", { roles: ["ppa_officer", "agency_officer"] }))).toBe("nobody");
});

it("finds crews by unit and by agency", () => {
  const { crews } = inGroups(city());
  const found = (words: string) => crewsMatching(crews, words).flatMap((group) => group.chairs.length);
  expect(found("dmk-10")).toEqual([1]);
  expect(found("bpbd damkar")).toEqual([2]);
  expect(found("")).toEqual([2, 1]);
  expect(found("xyz")).toEqual([]);
});

it("walks by arrow keys and stays inside", () => {
  const chairs = inGroups(city());
  const columns = columnsOf(chairs, chairs.crews);
  expect(neighbour(columns, null, "down")).toBe("operator1");
  expect(neighbour(columns, "operator1", "up")).toBe("operator1");
  expect(neighbour(columns, "operator1", "down")).toBe("operator2");
  expect(neighbour(columns, "ppa1", "right")).toBe("opd-pln");
  expect(neighbour(columns, "opd-pln", "right")).toBe("crew-dmk-10");
  expect(neighbour(columns, "crew-amb-01", "right")).toBe("crew-amb-01");
});
