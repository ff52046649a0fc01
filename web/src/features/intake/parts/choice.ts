/** Which choice lies over the call desk. One at a time: two of them would answer to the same number keys. */
import { create } from "zustand";

/** "seat": why not ready; else the id of the lost caller whose outcome is asked. */
export const useChoice = create<{ open: string | null }>()(() => ({ open: null }));

export const openChoice = (open: string | null): void => useChoice.setState({ open });
