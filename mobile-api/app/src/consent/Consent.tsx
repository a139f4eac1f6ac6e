import { Button, Checkbox, Radio, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, type SupportSession } from "../api/client";
import { supportQuery } from "../api/query";
import { whyNot } from "../change/failure";
import { Dialog } from "../parts/Dialog";
import { Face } from "../parts/Face";
import { announce } from "../shell/announcement";
import { useHome } from "../shell/HomeContext";
import { metaWord } from "../shell/meta";
import { keptWords, questionOf, textOf } from "./consent";
import classes from "./Visit.module.css";
import { lengthsOf, nameOf, type Scope } from "./visit";

type Props = { asked: SupportSession; active: SupportSession | null; aside: () => void };

/** Who, why, what, how long, what stays hidden, how to stop. Nothing is ticked beforehand; both answers weigh the same. */
export default function Consent({ asked, active, aside }: Props) {
  const { t } = useTranslation();
  const { id: home, state, words } = useHome();
  const client = useQueryClient();
  const narrow = useMediaQuery("(max-width: 720px)", true, { getInitialValueInEffect: false });
  const [chosen, setChosen] = useState<readonly Scope[]>([]);
  const [wished, setWished] = useState(false); // that it be recorded
  const [minutes, setMinutes] = useState(Math.min(15, asked.askedMinutes));
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState<"allow" | "refuse" | null>(null);
  const question = questionOf(asked, active, { operator: metaWord("operator"), page: state.box?.page ?? "", reader: words.reader }, t);
  const record = wished && chosen.includes("see");
  const kept = keptWords(record, t);
  const name = nameOf(asked.staff.name, t);

  const send = async (kind: "allow" | "refuse", call: () => Promise<SupportSession>) => {
    setBusy(kind);
    setWrong("");
    try {
      await call();
      if (kind === "refuse") announce(t("consent.refusedConsent", { name }));
    } catch (error) {
      setWrong(whyNot(error as Error, t));
    }
    await client.invalidateQueries({ queryKey: supportQuery(home).queryKey });
    setBusy(null);
  };
  const params = { path: { home, session: asked.id } };
  const allow = () => {
    if (chosen.length === 0) return setWrong(t("consent.chooseOne"));
    const length = t("consent.chosenLength", { n: minutes });
    const body = { scopes: [...chosen], minutes, record, text: textOf(question, { chosen, record, length, kept }) };
    void send("allow", () => answer(api.POST("/homes/{home}/support/{session}/consent", { params, body })));
  };
  const refuse = () => void send("refuse", () => answer(api.POST("/homes/{home}/support/{session}/refuse", { params })));
  const toggle = (scope: Scope, on: boolean) => setChosen((old) => (on ? [...old, scope] : old.filter((one) => one !== scope)));
  return (
    <Dialog name="consent" close={aside} closeOnClickOutside={false} fullScreen={narrow} size="lg" title={t("consent.title")}>
      <div className={classes.sheet}>
        <div className={classes.who}>
          <Face id={asked.staff.id} name={name} size={48} />
          <p>{question.who}</p>
        </div>
        <p className={classes.reason}>{question.why}</p>
        <fieldset className={classes.what}>
          <legend>{question.what}</legend>
          {question.lines.map(({ scope, text, example, fresh }) => (
            <div key={scope} className={classes.line} data-fresh={fresh || undefined}>
              {fresh && <span className={classes.fresh}>{t("consent.new")}</span>}
              <Checkbox
                size="lg"
                label={text}
                checked={chosen.includes(scope)}
                onChange={(event) => toggle(scope, event.currentTarget.checked)}
              />
              <details>
                <summary>{t("consent.example")}</summary>
                <p>{example}</p>
              </details>
            </div>
          ))}
          {question.record && chosen.includes("see") && (
            <div className={classes.line}>
              <Checkbox
                size="lg"
                label={question.record.line}
                description={question.record.text}
                checked={wished}
                onChange={(event) => setWished(event.currentTarget.checked)}
              />
            </div>
          )}
        </fieldset>
        <Radio.Group label={t("consent.howLong")} value={String(minutes)} onChange={(value) => setMinutes(Number(value))}>
          <div className={classes.lengths}>
            {lengthsOf(asked.askedMinutes).map((n) => (
              <Radio key={n} size="md" value={String(n)} label={t("consent.minutes", { n })} />
            ))}
          </div>
        </Radio.Group>
        {[kept, ...question.stop].map((text) => (
          <p key={text} className={classes.small}>
            {text}
          </p>
        ))}
        {wrong && (
          <Text role="alert" c="var(--problem)" fw={600}>
            {wrong}
          </Text>
        )}
        <div className={classes.equal}>
          <Button size="lg" variant="default" loading={busy === "allow"} disabled={busy !== null} onClick={allow}>
            {t("consent.allow")}
          </Button>
          <Button size="lg" variant="default" loading={busy === "refuse"} disabled={busy !== null} onClick={refuse}>
            {t("consent.notNow")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
