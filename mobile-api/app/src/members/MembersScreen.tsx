import { Button, Stack } from "@mantine/core";
import { IconUserPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { invitationsQuery, membersQuery } from "../api/query";
import { Back } from "../person/Back";
import classes from "../person/Section.module.css";
import { useHome } from "../shell/HomeContext";
import { Waiting as Coming } from "../shell/Waiting";
import { Invite } from "./Invite";
import { MemberLine } from "./MemberLine";
import { Waiting } from "./Waiting";

/** Who belongs to the home and what each may do; everyone sees who the adults are. */
export function MembersScreen() {
  const { t } = useTranslation();
  const { id, decides, locked } = useHome();
  const { data: members, isError, refetch } = useQuery(membersQuery(id));
  const { data: invitations } = useQuery({ ...invitationsQuery(id), enabled: decides });
  const [inviting, setInviting] = useState(false);
  return (
    <div>
      <Back />
      <Stack gap="md">
        <div>
          <h1 className={classes.title}>{t("members.title")}</h1>
          <p className={classes.hint}>{t("members.lead")}</p>
        </div>
        <section className={classes.section} aria-label={t("members.title")}>
          {members ? (
            <ul className={classes.lines}>
              {members.map((member) => (
                <MemberLine key={member.id} member={member} />
              ))}
            </ul>
          ) : isError ? (
            <Button variant="default" onClick={() => void refetch()}>
              {t("app.again")}
            </Button>
          ) : (
            <Coming />
          )}
          {members?.length === 1 && decides && <p className={classes.hint}>{t("members.alone")}</p>}
          {decides && (
            <Button
              h={48}
              mt="sm"
              leftSection={<IconUserPlus size={20} aria-hidden />}
              disabled={locked !== null}
              title={locked ?? undefined}
              onClick={() => setInviting(true)}
            >
              {t("members.invite")}
            </Button>
          )}
        </section>
        {invitations && invitations.length > 0 && <Waiting invitations={invitations} />}
      </Stack>
      {inviting && <Invite close={() => setInviting(false)} />}
    </div>
  );
}
