import { Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Code } from "../members/Code";
import { Dialog } from "../parts/Dialog";
import type { Made } from "./useProposal";
import { nameOf } from "./visit";

/** The code of an invitation that an agent prepared: for who confirmed it, and nobody else. */
export default function Invited({ made, agent, close }: { made: Made; agent: string; close: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog name="invite" close={close} closeOnClickOutside={false} title={t("members.invite")}>
      <Stack>
        <Code {...made} />
        <Text>{t("consent.codeYours", { name: nameOf(agent, t) })}</Text>
      </Stack>
    </Dialog>
  );
}
