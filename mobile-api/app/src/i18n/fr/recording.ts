import type { Words } from "../catalogue";
import type en from "../en/recording";

const recording: Words<typeof en> = {
  recording: {
    line: "Garder l'enregistrement pour cette demande jusqu'au {{date}}",
    lineText:
      "On garde ce que {{name}} voit de vos écrans, et tout ce qui est caché le reste. {{name}} et ses superviseurs peuvent le revoir, et chaque fois vous est signalée. Vous pouvez l'arrêter et le supprimer à tout moment.",
    nothingElse: "À part cela, rien n'est enregistré.",
    on: "Enregistré pour cette demande jusqu'au {{date}}",
    full: "L'enregistrement est plein et s'est arrêté.",
    stop: "Arrêter l'enregistrement",
    keep: "Le garder",
    began: "Ce que {{name}} voit de vos écrans est enregistré à partir de maintenant.",
    ended: "Plus rien n'est enregistré.",
    goesOn: "L'enregistrement continue.",
    title: "Enregistrements",
    lead: "Ce que vous avez laissé garder de vos écrans pendant qu'on vous aidait. Vous seul pouvez en commencer ou en supprimer un.",
    none: "Aucun enregistrement n'est gardé.",
    of: "Du {{date}}",
    until: "gardé jusqu'au {{date}}, puis supprimé · {{size}}",
    growing: "en cours",
    watch: "Revoir",
    delete: "Supprimer",
    deleteSure: "Le supprimer pour de bon ?",
    deleteYes: "Oui, supprimer",
    deleteNo: "Le garder",
    deleted: "L'enregistrement est supprimé.",
    player: "L'enregistrement",
    picture: "Vos écrans, tels qu'ils ont été vus",
    nothingYet: "Rien n'y a encore été montré.",
    broken: "L'enregistrement ne peut pas être lu.",
    play: "Lire",
    pause: "Pause",
    position: "Position",
    speed: "Vitesse",
    at: "{{at}} sur {{length}} · montré à {{time}}",
    silences: "Là où rien n'a bougé longtemps, c'est raccourci.",
  },
};

export default recording;
