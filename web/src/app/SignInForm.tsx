import { type FormEvent, useState } from "react";
import { Offline, Problem } from "@/api/http";
import { useT } from "@/i18n";
import { TextField } from "@/ui/Field";
import { Icon } from "@/ui/Icon";
import { Key } from "@/ui/Key";
import { signIn } from "./session";

type Props = {
  username?: string;
  /** True when the same person signs in again: the name stays as it is. */
  fixed?: boolean;
  onSignedIn?: (home: string) => void;
};

export function SignInForm({ username: known = "", fixed, onSignedIn }: Props) {
  const t = useT();
  const [username, setUsername] = useState(known);
  const [password, setPassword] = useState("");
  const [working, setWorking] = useState(false);
  const [said, setSaid] = useState<string | null>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!username.trim() || !password) {
      setSaid(t("signin.missing"));
      return;
    }
    setWorking(true);
    setSaid(null);
    try {
      const who = await signIn(username.trim(), password);
      onSignedIn?.(who.home);
    } catch (error) {
      if (error instanceof Offline) setSaid(t("signin.offline"));
      else if (error instanceof Problem) setSaid(error.message);
      else throw error;
    } finally {
      setWorking(false);
    }
  }

  return (
    <form className="col gap12" onSubmit={submit}>
      <TextField
        label={t("signin.username")}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        readOnly={fixed}
        autoFocus={!known}
        value={username}
        onChange={(event) => setUsername(event.target.value)}
      />
      <TextField
        label={t("signin.password")}
        name="password"
        type="password"
        autoComplete="current-password"
        autoFocus={Boolean(known) && !fixed}
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      {said && (
        <p className="field-wrong" role="alert">
          <Icon name="warning" size={14} />
          {said}
        </p>
      )}
      <button type="submit" className="btn primary" disabled={working}>
        {working ? t("signin.working") : t("signin.submit")}
        <Key keys="Enter" />
      </button>
    </form>
  );
}
