import { Button } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Section } from "../person/Section";
import lines from "../person/Section.module.css";
import { announce } from "../shell/announcement";
import { useHome } from "../shell/HomeContext";
import { hasPasskeys, type Passkey, passkeysQuery } from "../signin/passkey";
import { moment } from "../time/words";
import { AddPasskey } from "./AddPasskey";
import { DropPasskey } from "./DropPasskey";

/** The member's passkeys; where the browser knows none they can still be taken away. */
export function Passkeys() {
  const { t } = useTranslation();
  const { words, line } = useHome();
  const client = useQueryClient();
  const { data } = useQuery(passkeysQuery);
  const [adding, setAdding] = useState(false);
  const [dropping, setDropping] = useState(false);
  const [chosen, setChosen] = useState<Passkey | null>(null);
  const section = useRef<HTMLDivElement>(null);
  const away = line === "offline" || line === "away";
  const able = hasPasskeys();
  if (!able && !data?.length) return null;

  const time = (at: string) => moment(new Date(at), words.now, words.reader);
  const again = () => client.invalidateQueries({ queryKey: passkeysQuery.queryKey });
  const added = async () => {
    setAdding(false);
    announce(t("passkey.added"));
    await again();
  };
  const dropped = async () => {
    setDropping(false);
    announce(t("passkey.dropped"));
    await again();
    section.current?.focus(); // the button that asked is gone
  };
  return (
    <div ref={section} tabIndex={-1}>
      <Section title={t("passkey.title")} hint={t("passkey.lead")}>
        {data?.length === 0 && <p>{t("passkey.none")}</p>}
        <ul className={lines.lines}>
          {(data ?? []).map((passkey) => (
            <li key={passkey.id}>
              <div>
                <strong>{passkey.name}</strong>
                <small>
                  {t("passkey.made", { time: time(passkey.created) })} ·{" "}
                  {passkey.used ? t("passkey.used", { time: time(passkey.used) }) : t("passkey.unused")}
                </small>
              </div>
              <Button
                variant="subtle"
                color="red"
                h={44}
                miw={44}
                px="xs"
                disabled={away}
                aria-label={t("passkey.dropName", { name: passkey.name })}
                onClick={() => {
                  setChosen(passkey);
                  setDropping(true);
                }}
              >
                <IconTrash size={20} aria-hidden />
              </Button>
            </li>
          ))}
        </ul>
        {able && (
          <Button variant="default" h={48} mt="sm" disabled={away} onClick={() => setAdding(true)}>
            {t("passkey.add")}
          </Button>
        )}
        <AddPasskey opened={adding} close={() => setAdding(false)} added={added} />
        {chosen && <DropPasskey passkey={chosen} opened={dropping} close={() => setDropping(false)} dropped={dropped} />}
      </Section>
    </div>
  );
}
