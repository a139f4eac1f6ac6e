import { Button, Stack, Text } from "@mantine/core";
import { QRCodeSVG } from "qrcode.react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useHome } from "../shell/HomeContext";
import { moment } from "../time/words";

/**
 * A link to scan or to send, good once; where the browser copies nothing it is written out. Whoever is let see the screen sees
 * only that something is there.
 */
export function Code({ url, expires }: { url: string; expires: string }) {
  const { t } = useTranslation();
  const { words } = useHome();
  const [copied, setCopied] = useState<boolean | null>(null); // null: not tried
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(url);
      setCopied(true);
    } catch {
      setCopied(false);
    }
  };
  return (
    <Stack align="center">
      <Text>{t("members.scan", { time: moment(new Date(expires), words.now, words.reader) })}</Text>
      <div data-private>
        <QRCodeSVG value={url} size={232} marginSize={4} title={url} />
      </div>
      <Button size="lg" fullWidth variant="default" onClick={() => void copy()}>
        {t(copied ? "members.copied" : "members.copy")}
      </Button>
      {copied === false && (
        <Text data-private role="alert" ta="center" style={{ overflowWrap: "anywhere", userSelect: "all" }}>
          {url}
        </Text>
      )}
    </Stack>
  );
}
