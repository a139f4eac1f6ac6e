import { Button, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, type Role } from "../api/client";
import { invitationsQuery } from "../api/query";
import { whyNot } from "../change/failure";
import { Dialog } from "../parts/Dialog";
import { useHome } from "../shell/HomeContext";
import { Code } from "./Code";
import { type Place, placed } from "./place";
import { RoleField } from "./RoleField";

type Made = { url: string; expires: string };

/** Role first, with its plain consequences; then a code to scan or a link to send. */
export function Invite({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const { id, state, membership } = useHome();
  const client = useQueryClient();
  const [place, setPlace] = useState<Place>({ role: "adult", person: state.policy.people?.[0]?.id ?? "" });
  const [made, setMade] = useState<Made | null>(null);
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const roles: Role[] = membership.role === "owner" ? ["adult", "child", "owner"] : ["adult", "child"];

  const make = async () => {
    setError("");
    setBusy(true);
    try {
      const body = placed(place);
      const { url, invitation } = await answer(api.POST("/homes/{home}/invitations", { params: { path: { home: id } }, body }));
      setMade({ url, expires: invitation.expires });
    } catch (caught) {
      setError(whyNot(caught as Error, t));
    }
    setBusy(false);
    await client.invalidateQueries({ queryKey: invitationsQuery(id).queryKey });
  };
  return (
    <Dialog name="invite" close={close} title={t("members.invite")}>
      {made ? (
        <Code {...made} />
      ) : (
        <Stack>
          <RoleField roles={roles} place={place} pick={setPlace} />
          {error && <Text role="alert">{error}</Text>}
          <Button size="lg" loading={busy} disabled={place.role === "child" && !place.person} onClick={() => void make()}>
            {t("members.make")}
          </Button>
        </Stack>
      )}
    </Dialog>
  );
}
