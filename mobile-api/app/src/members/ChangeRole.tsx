import { Button, Modal, NativeSelect, Radio, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, type Kin, type Role } from "../api/client";
import { membersQuery, meQuery } from "../api/query";
import { whyNot } from "../change/failure";
import { announce } from "../shell/announcement";
import { useHome } from "../shell/HomeContext";
import { isLastOwner } from "./lastOwner";

type Props = { member: Kin; opened: boolean; close: () => void };

const roles: Role[] = ["owner", "adult", "child"];

/** Another role for a member, each with its plain consequences; for owners. */
export function ChangeRole({ member, opened, close }: Props) {
  const { t } = useTranslation();
  const { id, state } = useHome();
  const client = useQueryClient();
  const people = state.policy.people ?? [];
  const [picked, setPicked] = useState<{ role?: Role; person?: string }>({});
  const role = picked.role ?? member.role;
  const person = picked.person ?? (member.person || (people[0]?.id ?? ""));
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
      const body = role === "child" ? { role, person } : { role };
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
    <Modal
      opened={opened}
      onClose={leave}
      centered
      title={t("members.roleOf", { name: member.name })}
      closeButtonProps={{ size: 44, "aria-label": t("app.close") }}
    >
      <form onSubmit={(event) => void save(event)}>
        <Stack>
          <Radio.Group label={t("members.role")} value={role} onChange={(value) => setPicked({ ...picked, role: value as Role })}>
            {roles.map((one) => (
              <Radio key={one} value={one} size="md" py={10} label={t(`members.${one}`)} description={t(`members.${one}_may`)} />
            ))}
          </Radio.Group>
          {role === "child" &&
            (people.length > 0 ? (
              <NativeSelect
                size="lg"
                label={t("members.whose")}
                value={person}
                data={people.map(({ id: value, name: label }) => ({ value, label }))}
                onChange={(event) => setPicked({ ...picked, person: event.currentTarget.value })}
              />
            ) : (
              <Text>{t("members.needPerson")}</Text>
            ))}
          {member.me && role !== "owner" && <Text>{t("members.giveUp")}</Text>}
          {error && <Text role="alert">{error}</Text>}
          <Button size="lg" type="submit" loading={busy} disabled={same || (role === "child" && !person)}>
            {t("app.save")}
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
