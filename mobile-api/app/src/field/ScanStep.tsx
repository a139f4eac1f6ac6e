import { Button } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconQuestionMark } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Unreachable } from "../api/refusal";
import { announce } from "../shell/announcement";
import { clock } from "../time/words";
import { askWhose } from "./api";
import { ByHand } from "./ByHand";
import type { NoCamera } from "./camera";
import classes from "./Field.module.css";
import { candidates, readLabel } from "./label";
import { ReasonDialog } from "./ReasonDialog";
import { makeRead } from "./reader";
import { failureWords } from "./refused";
import { Scanner } from "./Scanner";
import { StepFrame } from "./StepFrame";
import { useReader } from "./useReader";
import { guess, type Visit, type Whose } from "./visit";
import { useAtVisit } from "./VisitContext";

type Found = { serial: string; whose: Whose; at: string };

/** The box's label is read; whose box it is, is said before anything changes. */
export function ScanStep() {
  const { t } = useTranslation("field");
  const { t: tell } = useTranslation();
  const { visit, draft, deed, go } = useAtVisit();
  const [way, setWay] = useState<"camera" | "hand" | null>(null);
  const [found, setFound] = useState<Found | null>(null);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const picture = useRef<HTMLInputElement>(null);
  const fetches = visit.order.kind === "return";
  const settled = fetches ? visit.takenBack.some(({ serial }) => serial === visit.order.replaces) : visit.serial !== undefined;

  const look = async (serials: string[]) => {
    const at = new Date().toISOString();
    setWay(null);
    setProblem("");
    setBusy(true);
    try {
      const known = await firstKnown(visit, serials);
      setFound({ ...known, at });
      announce(t(`scan.${known.whose}`));
    } catch (error) {
      setProblem(failureWords(error, t, tell));
    } finally {
      setBusy(false);
    }
  };
  const typed = (words: string) => {
    const serials = candidates(words, [visit.order.serial, visit.order.replaces]);
    if (serials.length > 0) void look(serials);
    else setProblem(t("scan.noSerial"));
  };
  const fromPhoto = async (file: File | undefined) => {
    if (!file) return;
    setBusy(true);
    const serial = await readPhoto(file).catch(() => null);
    setBusy(false);
    if (serial) await look([serial]);
    else setProblem(t("scan.noCode"));
  };
  const noCamera = (why: NoCamera) => {
    setWay("hand");
    setProblem(t(`scan.${why}`));
  };
  const take = async () => {
    if (!found) return;
    draft("serial", "");
    if (fetches) await deed("collect", { box: found.serial, reason: t("scan.collected") });
    else await deed("bind", { box: found.serial, scanned: found.at });
    setFound(null);
    go(fetches ? "report" : "bring-up");
  };
  const usable = found && (fetches ? found.whose === "replaces" : found.whose === "ours" || found.whose === "unheard");
  const primary = usable
    ? { words: t(fetches ? "scan.collect" : "scan.use"), act: () => void take() }
    : { words: t(found ? "scan.another" : "scan.start"), act: () => (setFound(null), setProblem(""), setWay("camera")), busy };
  if (settled) return <Settled fetches={fetches} />;
  return (
    <StepFrame {...(way !== "camera" && { primary })}>
      <p className={classes.lead}>{leadOf(visit, t)}</p>
      {found && <Verdict found={found} fetches={fetches} />}
      {problem && (
        <p className={classes.note} data-tone="bad" role="alert">
          {problem}
        </p>
      )}
      {way === "camera" && <Scanner found={(serial) => void look([serial])} failed={noCamera} close={() => setWay(null)} />}
      {way === "hand" && <ByHand found={typed} />}
      <input ref={picture} type="file" accept="image/*" capture="environment" hidden onChange={(event) => void fromPhoto(event.currentTarget.files?.[0])} />
      <div className={classes.pair}>
        <Button variant="default" onClick={() => picture.current?.click()}>
          {t("scan.photo")}
        </Button>
        {way !== "hand" && (
          <Button variant="default" onClick={() => (setFound(null), setWay("hand"))}>
            {t("scan.hand")}
          </Button>
        )}
      </div>
    </StepFrame>
  );
}

function leadOf({ order }: Visit, t: ReturnType<typeof useTranslation<"field">>["t"]): string {
  if (order.kind === "return") return t("scan.leadReturn");
  return order.kind === "swap" ? t("scan.leadSwap", { serial: order.replaces.toUpperCase() }) : t("scan.lead");
}

/** Whose the box is by the first of the serials that the server knows; without a network as far as the order tells. */
async function firstKnown(visit: Visit, serials: string[]): Promise<{ serial: string; whose: Whose }> {
  const [first = ""] = serials;
  try {
    for (const text of serials) {
      const { verdict, serial } = await askWhose(visit.id, text);
      if (verdict !== "unknown") return { serial, whose: verdict };
    }
    return { serial: first, whose: "unknown" };
  } catch (error) {
    if (error instanceof Unreachable) return { serial: first, whose: guess(visit, first) };
    throw error;
  }
}

async function readPhoto(file: File): Promise<string | null> {
  const [read, picture] = await Promise.all([makeRead(), createImageBitmap(file, { imageOrientation: "from-image" })]);
  const text = await read(picture);
  picture.close();
  return text === null ? null : readLabel(text);
}

function Verdict({ found: { serial, whose }, fetches }: { found: Found; fetches: boolean }) {
  const { t } = useTranslation("field");
  const good = whose === (fetches ? "replaces" : "ours");
  const tone = good ? "good" : whose === "unheard" ? "open" : "bad";
  const Icon = good ? IconCheck : whose === "unheard" ? IconQuestionMark : IconAlertTriangle;
  const words = fetches ? t(whose === "replaces" ? "scan.goes" : "scan.notGoing") : t(`scan.${whose}`);
  return (
    <div className={classes.verdict} data-tone={tone}>
      <Icon size={40} aria-hidden />
      <div>
        {words}
        <div className={classes.quiet}>{t("scan.scanned", { serial: serial.toUpperCase() })}</div>
      </div>
    </div>
  );
}

/** The label was read; what was taken back by it is said, and another box can be brought. */
function Settled({ fetches }: { fetches: boolean }) {
  const { t } = useTranslation("field");
  const { visit, items, deed } = useAtVisit();
  const reader = useReader(visit.order.zone);
  const [asking, setAsking] = useState(false);
  const swap = async (reason: string) => {
    setAsking(false);
    if (visit.serial) await deed("swap", { box: visit.serial, reason });
  };
  const waits = items.some((item) => item.kind === "bind" || item.kind === "collect");
  const old = visit.order.replaces;
  const taken = visit.takenBack.find(({ serial }) => serial === old);
  return (
    <StepFrame>
      <div className={classes.verdict} data-tone="good">
        <IconCheck size={40} aria-hidden />
        <div>
          {t(fetches ? "scan.goes" : "scan.ours")}
          <div className={classes.quiet}>{t("scan.scanned", { serial: (fetches ? old : (visit.serial ?? "")).toUpperCase() })}</div>
        </div>
      </div>
      {old && (
        <p className={classes.note}>
          {taken && !waits
            ? t("scan.taken", { serial: old.toUpperCase(), time: clock(new Date(taken.at), reader) })
            : t("scan.willTake", { serial: old.toUpperCase() })}
        </p>
      )}
      {!fetches && <p className={classes.lead}>{t("scan.connect")}</p>}
      {!fetches && !visit.signed && (
        <Button variant="default" onClick={() => setAsking(true)}>
          {t("scan.faulty")}
        </Button>
      )}
      {asking && (
        <ReasonDialog title={t("scan.faulty")} text={t("scan.faultyText")} yes={t("scan.faultyYes")} say={(why) => void swap(why)} close={() => setAsking(false)} />
      )}
    </StepFrame>
  );
}
