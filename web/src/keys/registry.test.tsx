import { fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { DeskButton } from "@/ui/DeskButton";
import { NoticeLine } from "@/ui/Notice";
import { listenToKeys } from "./listen";
import { hush } from "./notice";
import { clashes, type DeskAction, useDeskKeys } from "./registry";

function Desk({ actions }: { actions: DeskAction[] }) {
  useDeskKeys(actions);
  return (
    <>
      <input aria-label="isian" />
      {actions.map((action) => (
        <DeskButton key={action.id} action={action} />
      ))}
      <NoticeLine />
    </>
  );
}

const action = (over: Partial<DeskAction> = {}): DeskAction => ({
  id: "call.answer",
  label: "app.signOut",
  keys: "F2",
  run: vi.fn(),
  ...over,
});

describe("an action of the desk", () => {
  beforeEach(() => {
    hush();
    return listenToKeys();
  });

  it("runs by its key and by its button alike", async () => {
    const answer = action();
    render(<Desk actions={[answer]} />);
    fireEvent.keyDown(window, { key: "F2" });
    await userEvent.click(screen.getByRole("button", { name: /Keluar/ }));
    expect(answer.run).toHaveBeenCalledTimes(2);
  });

  it("stays and says why when it cannot be done", async () => {
    const answer = action({ blocked: "Tidak ada panggilan berdering." });
    render(<Desk actions={[answer]} />);
    expect(screen.getByRole("button", { name: /Keluar/ })).toHaveAccessibleDescription(
      "Tidak ada panggilan berdering.",
    );
    fireEvent.keyDown(window, { key: "F2" });
    expect(answer.run).not.toHaveBeenCalled();
    expect(await screen.findByText("Keluar: Tidak ada panggilan berdering.")).toBeVisible();
  });

  it("leaves letters to a field, but not function keys", () => {
    const row = action({ id: "row.1", keys: "1" });
    const answer = action();
    render(<Desk actions={[row, answer]} />);
    fireEvent.keyDown(screen.getByLabelText("isian"), { key: "1", code: "Digit1" });
    fireEvent.keyDown(screen.getByLabelText("isian"), { key: "F2" });
    expect(row.run).not.toHaveBeenCalled();
    expect(answer.run).toHaveBeenCalledOnce();
  });

  it("runs nothing when two share a key, and says so", async () => {
    const one = action();
    const two = action({ id: "call.hold" });
    expect(clashes([one, two])).toEqual([{ keys: "F2", ids: ["call.answer", "call.hold"] }]);
    render(<Desk actions={[one, two]} />);
    fireEvent.keyDown(window, { key: "F2" });
    expect(one.run).not.toHaveBeenCalled();
    expect(await screen.findByText(/dua tindakan/)).toBeVisible();
  });
});
