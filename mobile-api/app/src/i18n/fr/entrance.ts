import type en from "../en/entrance";
import type { Words } from "../catalogue";

const entrance: Words<typeof en> = {
  entrance: {
    title: "Entrées",
    home: "Ma maison",
    field: "Visites",
    support: "Console d'assistance",
  },
};

export default entrance;
