/** Words of the app's doors for who works for the operator. */
const entrance = {
  entrance: {
    title: "Entrances",
    home: "My home",
    field: "Visits",
    support: "Support console",
  },
} as const;

export default entrance;
