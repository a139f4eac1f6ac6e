import { TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";

type Props = { value: string; change: (value: string) => void };

/** A code of the moment; phones offer it by themselves where they can. */
export function CodeField({ value, change }: Props) {
  const { t } = useTranslation();
  return (
    <TextInput
      size="lg"
      name="code"
      label={t("codes.code")}
      description={t("codes.ask")}
      inputMode="numeric"
      autoComplete="one-time-code"
      maxLength={20}
      value={value}
      autoFocus
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}
