import { NativeSelect, Radio, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Role } from "../api/client";
import { useHome } from "../shell/HomeContext";
import type { Place } from "./place";

type Props = { roles: Role[]; place: Place; pick: (place: Place) => void };

/** What somebody may do in the home, each with its plain consequences, and for a child which person they are. */
export function RoleField({ roles, place, pick }: Props) {
  const { t } = useTranslation();
  const people = useHome().state.policy.people ?? [];
  return (
    <>
      <Radio.Group label={t("members.role")} value={place.role} onChange={(value) => pick({ ...place, role: value as Role })}>
        {roles.map((one) => (
          <Radio key={one} value={one} size="md" py={10} label={t(`members.${one}`)} description={t(`members.${one}_may`)} />
        ))}
      </Radio.Group>
      {place.role === "child" &&
        (people.length > 0 ? (
          <NativeSelect
            size="lg"
            label={t("members.whose")}
            value={place.person}
            data={people.map(({ id: value, name: label }) => ({ value, label }))}
            onChange={(event) => pick({ ...place, person: event.currentTarget.value })}
          />
        ) : (
          <Text>{t("members.needPerson")}</Text>
        ))}
    </>
  );
}
