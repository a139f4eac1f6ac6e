/** Words of the app's doors for who works for the operator. */
const entrance = {
  entrance: {
    title: "Entrances",
    home: "My home",
    field: "Visits",
  },
} as const;

export default entrance;
