import { Button, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, type Kin } from "../api/client";
import { membersQuery, meQuery } from "../api/query";
import { whyNot } from "../change/failure";
import { Dialog } from "../parts/Dialog";
import { useHome } from "../shell/HomeContext";
import { ChangeRole } from "./ChangeRole";
import { isLastOwner } from "./lastOwner";
import classes from "./MemberLine.module.css";
import { NewWayIn } from "./NewWayIn";

/** One member: what they may do in a sentence, not only a word; and ending the membership where one may. */
export function MemberLine({ member }: { member: Kin }) {
  const { t } = useTranslation();
  const { id, membership, decides, locked, line } = useHome();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [changing, setChanging] = useState(false);
  const [entering, setEntering] = useState(false);
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const may = membership.role === "owner" || (member.me && membership.role === "adult");

  const leave = () => {
    setAsking(false);
    setError("");
  };
  const remove = async () => {
    setBusy(true);
    setError("");
    try {
      await answer(api.DELETE("/homes/{home}/members/{member}", { params: { path: { home: id, member: member.id } } }));
      leave();
      await client.invalidateQueries({ queryKey: member.me ? meQuery.queryKey : membersQuery(id).queryKey });
    } catch (caught) {
      setError(isLastOwner(caught) ? t("members.lastOwner") : whyNot(caught as Error, t));
    }
    setBusy(false);
  };
  return (
    <li className={classes.line}>
      <div className={classes.who}>
        <strong>{[member.name, t(`members.${member.role}`), member.me ? t("members.me") : ""].filter(Boolean).join(" · ")}</strong>
        <small>{t(`members.${member.role}_may`)}</small>
      </div>
      <div className={classes.acts}>
        {decides && member.role === "child" && !member.email && (
          <>
            <Button variant="subtle" h={44} px={6} disabled={line === "offline" || line === "away"} onClick={() => setEntering(true)}>
              {t("leaving.back")}
              <span className="unseen">, {member.name}</span>
            </Button>
            {entering && <NewWayIn member={member} close={() => setEntering(false)} />}
          </>
        )}
        {membership.role === "owner" && (
          <>
            <Button variant="subtle" h={44} miw={44} px={6} disabled={locked !== null} onClick={() => setChanging(true)}>
              {t("members.roleWord")}
              <span className="unseen">, {member.name}</span>
            </Button>
            <ChangeRole member={member} opened={changing} close={() => setChanging(false)} />
          </>
        )}
        {may && (
          <Button
            variant="subtle"
            color="red"
            h={44}
            px={6}
            disabled={line === "offline" || line === "away" || (locked !== null && !member.me)}
            onClick={() => setAsking(true)}
          >
            {member.me ? t("members.go") : t("app.remove")}
            {!member.me && <span className="unseen">, {member.name}</span>}
          </Button>
        )}
      </div>
      <Dialog
        name="removeMember"
        opened={asking}
        close={leave}
        title={member.me ? t("members.leave") : t("members.removeAsk", { name: member.name })}
      >
        <Stack>
          {!member.me && <Text>{t("members.removeText")}</Text>}
          {error && <Text role="alert">{error}</Text>}
          <Button size="lg" color="red" loading={busy} onClick={() => void remove()}>
            {member.me ? t("members.leave") : t("members.remove", { name: member.name })}
          </Button>
          <Button size="lg" variant="default" onClick={leave}>
            {t("app.cancel")}
          </Button>
        </Stack>
      </Dialog>
    </li>
  );
}
