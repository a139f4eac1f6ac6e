import { Button, PasswordInput, Stack, Text } from "@mantine/core";
import type { TFunction } from "i18next";
import { QRCodeSVG } from "qrcode.react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import type { components } from "../api/schema.gen";
import { Refusal } from "../api/refusal";
import { whyNot } from "../change/failure";
import { Dialog } from "../parts/Dialog";
import { CodeField } from "../signin/CodeField";
import { isWrong } from "./wrong";

type Props = { active: boolean; opened: boolean; close: () => void; done: () => Promise<void> };

/** The password first; to begin, then the secret and its first code. */
export default function CodesDialog({ active, opened, close, done }: Props) {
  const { t } = useTranslation();
  const [password, setPassword] = useState("");
  const [made, setMade] = useState<components["schemas"]["TOTPSecret"] | null>(null);
  const [code, setCode] = useState("");
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);

  const clear = () => {
    setPassword("");
    setMade(null);
    setCode("");
    setError("");
  };
  const go = async () => {
    if (active) {
      await answer(api.POST("/me/totp/deletion", { body: { password } }));
    } else if (!made) {
      setMade(await answer(api.POST("/me/totp", { body: { password } })));
      return;
    } else {
      await answer(api.PUT("/me/totp", { body: { code } }));
    }
    await done();
    clear();
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setError("");
    setBusy(true);
    try {
      await go();
    } catch (caught) {
      setError(why(caught as Error, t));
    } finally {
      setBusy(false);
    }
  };
  const leave = () => {
    clear();
    close();
  };
  const title = t(active ? "codes.stop" : "codes.start");
  return (
    <Dialog name="codes" opened={opened} close={leave} title={title}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          {made ? (
            <>
              <Text>{t("codes.scan")}</Text>
              <QRCodeSVG value={made.uri} size={232} marginSize={4} title={t("codes.qr")} style={{ alignSelf: "center" }} />
              <div>
                <Text fw={600}>{t("codes.key")}</Text>
                <Text ff="monospace" data-key style={{ overflowWrap: "anywhere" }}>
                  {made.secret.replace(/(.{4})(?=.)/g, "$1 ")}
                </Text>
              </div>
              <CodeField value={code} change={setCode} />
            </>
          ) : (
            <PasswordInput
              size="lg"
              label={t("passkey.password")}
              value={password}
              autoComplete="current-password"
              data-autofocus
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
          )}
          {error && <Text role="alert">{error}</Text>}
          <Button size="lg" type="submit" loading={busy} disabled={made ? !code.trim() : !password}>
            {made || active ? title : t("codes.next")}
          </Button>
        </Stack>
      </form>
    </Dialog>
  );
}

function why(error: Error, t: TFunction<"words">): string {
  if (isWrong(error)) return t("settings.passwordWrong");
  if (error instanceof Refusal && error.problem.problems?.some((problem) => problem.code === "code-wrong")) return t("problem.code-wrong");
  return whyNot(error, t);
}
