import { Stack } from "@mantine/core";
import { IconChevronLeft } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, type Case } from "../api/client";
import { casesQuery, caseQuery } from "../api/query";
import { Refusal } from "../api/refusal";
import { whyNot } from "../change/failure";
import { Section } from "../person/Section";
import section from "../person/Section.module.css";
import { CaseRecordings } from "../recording/Recordings";
import { useHome } from "../shell/HomeContext";
import { Waiting } from "../shell/Waiting";
import { moment } from "../time/words";
import { CallBack } from "./CallBack";
import { Chat } from "./Chat";
import { Composer } from "./Composer";
import classes from "./Help.module.css";
import { look } from "./seen";
import { Solved } from "./Solved";
import { Typing } from "./Typing";
import { typist } from "./typing";
import { sentWith, stateWords, waitingWords, type Words } from "./words";

/** A request for a person: how far it has come, what was said, a call instead, and whether it is solved. */
export function CaseScreen() {
  const { t } = useTranslation();
  const { case: id } = useParams({ from: "/inside/help/case/$case" });
  const { id: home, words, line, state } = useHome();
  const client = useQueryClient();
  const { data, error } = useQuery({ ...caseQuery(home, id), refetchInterval: 30_000 });
  const request = data?.case;
  const typing = useMemo(
    () => typist(() => answer(api.POST("/homes/{home}/cases/{case}/typing", { params: { path: { home, case: id } } }))),
    [home, id],
  );
  useEffect(() => {
    if (request) look(request);
  }, [request]);
  const back = (
    <Link to="/help" className={section.back}>
      <IconChevronLeft size={22} aria-hidden />
      {t("help.back")}
    </Link>
  );
  if (!data || !request) {
    const gone = error instanceof Refusal && error.status === 404;
    return error ? (
      <>
        {back}
        <p>{gone ? t("help.gone") : whyNot(error, t)}</p>
      </>
    ) : (
      <Waiting />
    );
  }
  const locked = line === "offline" || line === "away";
  const path = { home, case: id };
  const after = () => client.invalidateQueries({ queryKey: casesQuery(home).queryKey });
  const say = async (text: string) => {
    await answer(api.POST("/homes/{home}/cases/{case}/messages", { params: { path }, body: { text } }));
    await after();
  };
  const show = async (picture: Blob) => {
    await answer(api.POST("/homes/{home}/cases/{case}/pictures", { params: { path }, body: picture as never, ...bytes }));
    await after();
  };
  const why = (wrong: Error) => {
    if (wrong instanceof Refusal && wrong.code === "case-full") return t("help.full");
    if (wrong instanceof Refusal && wrong.code === "case-state") return t("help.over");
    if (wrong instanceof Refusal && wrong.status === 422) return t("help.pictureWrong");
    return whyNot(wrong, t);
  };
  return (
    <Stack gap="md">
      <div>
        {back}
        <h1 className={section.title}>{t("help.talkTitle")}</h1>
      </div>
      <Section title={stateWords(request, words)}>
        <p className={classes.quiet}>
          <span role="status">{headline(request, words)}</span>
          {request.state === "waiting" && ` ${waitingWords(request, words)}`}
        </p>
        {request.state !== "closed" && <p className={classes.quiet}>{sentWith(request, words, state.box !== null)}</p>}
      </Section>
      {request.state === "closed" && <Solved request={request} locked={locked} />}
      <Section title={t("help.says")}>
        <Chat said={data.said} words={words} side="customer" picture={(picture) => `/api/homes/${home}/cases/${id}/pictures/${picture}`} />
        {request.state === "taken" && (
          <Typing id={id} newest={data.said.at(-1)?.number} text={t("help.writes", { name: request.agent?.name || t("consent.someone") })} />
        )}
        {request.state !== "closed" && (
          <Composer say={say} show={show} why={why} disabled={locked} typing={request.state === "taken" ? typing : quiet} />
        )}
        {locked && <p className={classes.quiet}>{t("help.offline")}</p>}
      </Section>
      <CaseRecordings kase={id} />
      {request.state !== "closed" && <CallBack request={request} locked={locked} />}
      {request.state !== "closed" && <Solved request={request} locked={locked} />}
    </Stack>
  );
}

/** Nobody has the case who could hear it. */
const quiet = () => {};

/** Pictures are sent as they are, not as JSON. */
const bytes = { bodySerializer: (body: unknown) => body as Blob, headers: { "Content-Type": "application/octet-stream" } };

/** What is read out when it changes; a wait in minutes is not. */
function headline(request: Case, words: Words): string {
  const { t, reader, now } = words;
  const name = request.agent?.name ?? "";
  switch (request.state) {
    case "taken":
      return t("help.here", { name });
    case "promised":
      return t("help.promised", { name, what: request.promise?.text ?? "", time: moment(new Date(request.promise?.at ?? now), now, reader) });
    case "closed":
      return request.summary ?? "";
    default:
      return t("help.waiting");
  }
}
