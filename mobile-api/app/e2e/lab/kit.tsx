import {
  ActionIcon, Button, Checkbox, Chip, CloseButton, Group, MantineProvider, Modal, NativeSelect, PasswordInput, Radio, SegmentedControl,
  Skeleton, Stack, Switch, Text, Textarea, TextInput, Title,
} from "@mantine/core";
import { DatePicker } from "@mantine/dates";
import { QRCodeSVG } from "qrcode.react";
import { type ReactNode, useState } from "react";

/** Every secret that stands in the page, by where it stands. */
export const planted: Record<string, string> = {};

/** A secret for a place: nothing of it is a word of any language. */
function s(place: string): string {
  planted[place] ??= `Zq${place}${((Object.keys(planted).length + 1) * 7919 + 1013).toString(36)}xKv`;
  return planted[place];
}

/** What any element can be given. */
const any = (place: string) => ({ id: s(`${place}id`), title: s(`${place}title`), "aria-label": s(`${place}aria`), "data-of": s(`${place}data`) });

const field = (place: string) => ({
  ...any(place), name: s(`${place}name`), label: s(`${place}label`), description: s(`${place}description`), error: s(`${place}error`),
});

const filled = (place: string) => ({ ...field(place), placeholder: s(`${place}placeholder`), defaultValue: s(`${place}value`) });

/** One of each part that the app imports from elsewhere, each with a secret wherever it takes a text. */
export const kit: Record<string, () => ReactNode> = {
  ActionIcon: () => <ActionIcon {...any("icon")}>{s("icontext")}</ActionIcon>,
  Button: () => <Button {...any("button")}>{s("buttontext")}</Button>,
  Checkbox: () => <Checkbox {...field("check")} value={s("checkvalue")} />,
  Chip: () => <Chip {...any("chip")} value={s("chipvalue")}>{s("chiptext")}</Chip>,
  "Chip.Group": () => (
    <Chip.Group defaultValue={s("chipsone")}>
      <Chip value={s("chipsone")}>{s("chipsonetext")}</Chip>
      <Chip value={s("chipstwo")}>{s("chipstwotext")}</Chip>
    </Chip.Group>
  ),
  CloseButton: () => <CloseButton {...any("close")} />,
  DatePicker: () => <DatePicker {...any("date")} ariaLabels={{ nextMonth: s("datenext") }} renderDay={(day) => s(`date${day.slice(-2)}`)} />,
  Group: () => <Group {...any("group")}>{s("grouptext")}</Group>,
  MantineProvider: () => null, // everything stands in it
  Modal: () => <Opened />,
  NativeSelect: () => <NativeSelect {...filled("native")} data={[s("nativevalue"), { value: s("nativeother"), label: s("nativelabelled") }]} />,
  PasswordInput: () => <PasswordInput {...filled("secret")} visibilityToggleButtonProps={{ "aria-label": s("secretshow") }} />,
  QRCodeSVG: () => <QRCodeSVG value={s("code")} title={s("codetitle")} />,
  Radio: () => <Radio {...field("radio")} value={s("radiovalue")} />,
  "Radio.Group": () => (
    <Radio.Group {...field("radios")} defaultValue={s("radiosone")}>
      <Radio value={s("radiosone")} label={s("radiosonelabel")} />
      <Radio value={s("radiostwo")} label={s("radiostwolabel")} />
    </Radio.Group>
  ),
  SegmentedControl: () => (
    <SegmentedControl {...any("segments")} data={[{ value: s("segmentone"), label: s("segmentonelabel") }, { value: s("segmenttwo"), label: s("segmenttwolabel") }]} />
  ),
  Skeleton: () => <Skeleton {...any("skeleton")} height={9} />,
  Stack: () => <Stack {...any("stack")}>{s("stacktext")}</Stack>,
  Switch: () => <Switch {...field("switch")} value={s("switchvalue")} onLabel={s("switchon")} offLabel={s("switchoff")} />,
  Text: () => <Text {...any("text")}>{s("texttext")}</Text>,
  Textarea: () => <Textarea {...filled("area")} />,
  TextInput: () => <TextInput {...filled("input")} />,
  Title: () => <Title {...any("heading")}>{s("headingtext")}</Title>,
  // What the app writes itself.
  canvas: () => <canvas {...any("canvas")}>{s("canvastext")}</canvas>,
  datalist: () => <datalist {...any("list")}><option value={s("listvalue")} label={s("listlabel")} /></datalist>,
  details: () => <details {...any("details")}><summary>{s("summary")}</summary>{s("detailstext")}</details>,
  dialog: () => <dialog open {...any("dialog")}>{s("dialogtext")}</dialog>,
  form: () => <form action={`/?${s("action")}`} {...any("form")} onSubmit={(event) => event.preventDefault()}><button>{s("formbutton")}</button></form>,
  iframe: () => <iframe title={s("frametitle")} name={s("framename")} srcDoc={`<p title="${s("frameinside")}">${s("frametext")}</p>`} className="frame" />,
  img: () => <img src={`/${s("imagesource")}.png`} alt={s("imagealt")} />,
  input: () => (
    <>
      {["text", "email", "tel", "url", "search", "password", "hidden", "number", "date", "time", "datetime-local", "checkbox", "radio", "submit", "button"].map((type) => (
        <input key={type} type={type} {...any(`plain${type}`)} name={s(`plain${type}name`)} placeholder={s(`plain${type}placeholder`)}
          defaultValue={s(`plain${type}value`)} list={s(`plain${type}list`)} pattern={s(`plain${type}pattern`)} />
      ))}
      <input type="file" {...any("plainfile")} accept={s("plainfileaccept")} />
    </>
  ),
  option: () => <select><option value={s("optionvalue")}>{s("option")}</option></select>,
  output: () => <output {...any("output")}>{s("outputtext")}</output>,
  progress: () => <progress value={41729} max={83461} {...any("progress")} />,
  select: () => <select {...any("select")} defaultValue={s("selectvalue")}><option value={s("selectvalue")}>{s("selecttext")}</option></select>,
  textarea: () => <textarea {...any("textarea")} defaultValue={s("textareavalue")} />,
  video: () => <video src={`/${s("video")}.mp4`} poster={`/${s("poster")}.png`} />,
};

/** A window over the page is drawn elsewhere in the document. */
function Opened() {
  const [opened, setOpened] = useState(false);
  return (
    <>
      <button id="open" onClick={() => setOpened(true)}>{s("opentext")}</button>
      <Modal opened={opened} onClose={() => setOpened(false)} title={s("modaltitle")} closeButtonProps={{ "aria-label": s("modalclose") }}>
        <TextInput {...filled("modalinput")} />
        <p>{s("modaltext")}</p>
      </Modal>
    </>
  );
}

export function Kit() {
  return (
    <MantineProvider>
      <main>
        <h1>Settings</h1>
        <p className="sentence">Device {s("split")}</p>
        {Object.entries(kit).map(([name, part]) => <section key={name}>{part()}</section>)}
        <div contentEditable suppressContentEditableWarning>{s("editable")}</div>
      </main>
    </MantineProvider>
  );
}
