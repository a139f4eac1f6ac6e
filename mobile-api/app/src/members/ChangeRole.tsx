import { Button, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, type Kin, type Role } from "../api/client";
import { membersQuery, meQuery } from "../api/query";
import { whyNot } from "../change/failure";
import { Dialog } from "../parts/Dialog";
import { announce } from "../shell/announcement";
import { useHome } from "../shell/HomeContext";
import { isLastOwner } from "./lastOwner";
import { type Place, placed } from "./place";
import { RoleField } from "./RoleField";

type Props = { member: Kin; opened: boolean; close: () => void };

const roles: Role[] = ["owner", "adult", "child"];

/** Another role for a member, each with its plain consequences; for owners. */
export function ChangeRole({ member, opened, close }: Props) {
  const { t } = useTranslation();
  const { id, state } = useHome();
  const client = useQueryClient();
  const [picked, setPicked] = useState<Partial<Place>>({});
  const role = picked.role ?? member.role;
  const person = picked.person ?? (member.person || (state.policy.people?.[0]?.id ?? ""));
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const same = role === member.role && (role !== "child" || person === member.person);

  const leave = () => {
    setPicked({});
    setError("");
    close();
  };
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setError("");
    setBusy(true);
    try {
      const body = placed({ role, person });
      const path = { home: id, member: member.id };
      client.setQueryData(membersQuery(id).queryKey, await answer(api.PUT("/homes/{home}/members/{member}", { params: { path }, body })));
      announce(t("members.changed", { name: member.name, role: t(`members.${role}`) }));
      leave();
      if (member.me) await client.invalidateQueries({ queryKey: meQuery.queryKey });
    } catch (caught) {
      setError(isLastOwner(caught) ? t("members.lastOwnerRole") : whyNot(caught as Error, t));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog name="role" opened={opened} close={leave} title={t("members.roleOf", { name: member.name })}>
      <form onSubmit={(event) => void save(event)}>
        <Stack>
          <RoleField roles={roles} place={{ role, person }} pick={setPicked} />
          {member.me && role !== "owner" && <Text>{t("members.giveUp")}</Text>}
          {error && <Text role="alert">{error}</Text>}
          <Button size="lg" type="submit" loading={busy} disabled={same || (role === "child" && !person)}>
            {t("app.save")}
          </Button>
        </Stack>
      </form>
    </Dialog>
  );
}
