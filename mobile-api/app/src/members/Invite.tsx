import { Button, Modal, NativeSelect, Radio, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, type Role } from "../api/client";
import { invitationsQuery } from "../api/query";
import { whyNot } from "../change/failure";
import { useHome } from "../shell/HomeContext";
import { Code } from "./Code";

type Made = { url: string; expires: string };

/** Role first, with its plain consequences; then a code to scan or a link to send. */
export function Invite({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const { id, state, membership } = useHome();
  const client = useQueryClient();
  const people = state.policy.people ?? [];
  const [role, setRole] = useState<Role>("adult");
  const [person, setPerson] = useState(people[0]?.id ?? "");
  const [made, setMade] = useState<Made | null>(null);
  const [error, setError] = useState("");
  const roles: Role[] = membership.role === "owner" ? ["adult", "child", "owner"] : ["adult", "child"];

  const make = async () => {
    setError("");
    try {
      const body = role === "child" ? { role, person } : { role };
      const { url, invitation } = await answer(api.POST("/homes/{home}/invitations", { params: { path: { home: id } }, body }));
      setMade({ url, expires: invitation.expires });
    } catch (caught) {
      setError(whyNot(caught as Error, t));
    }
    await client.invalidateQueries({ queryKey: invitationsQuery(id).queryKey });
  };
  return (
    <Modal opened onClose={close} centered title={t("members.invite")} closeButtonProps={{ size: 44, "aria-label": t("app.close") }}>
      {made ? (
        <Code {...made} />
      ) : (
        <Stack>
          <Radio.Group label={t("members.role")} value={role} onChange={(value) => setRole(value as Role)}>
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
                onChange={(event) => setPerson(event.currentTarget.value)}
              />
            ) : (
              <Text>{t("members.needPerson")}</Text>
            ))}
          {error && <Text role="alert">{error}</Text>}
          <Button size="lg" disabled={role === "child" && !person} onClick={() => void make()}>
            {t("members.make")}
          </Button>
        </Stack>
      )}
    </Modal>
  );
}
