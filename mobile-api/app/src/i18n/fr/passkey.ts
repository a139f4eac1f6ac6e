import type en from "../en/passkey";
import type { Words } from "../catalogue";

const passkey: Words<typeof en> = {
  passkey: {
    signIn: "Utiliser une clé d'accès",
    refused: "Cette clé d'accès n'est pas connue ici, ou c'était trop long. Réessayez, ou utilisez votre mot de passe.",
    failed: "Ce navigateur n'a pas pu utiliser de clé d'accès. Utilisez votre mot de passe.",
    title: "Clés d'accès",
    lead: "Connectez-vous avec un doigt, un visage ou le code de cet écran, sans mot de passe.",
    none: "Vous n'en avez pas encore.",
    add: "Ajouter une clé d'accès",
    addLead: "Cet appareil demande ensuite votre doigt, votre visage ou votre code.",
    name: "Un nom, pour la reconnaître",
    password: "Votre mot de passe",
    added: "Ajoutée. Vous pouvez maintenant vous connecter avec elle.",
    have: "Cet appareil a déjà une clé d'accès pour Carebox.",
    notMade: "Ce navigateur n'a pas pu créer de clé d'accès.",
    tooLate: "La clé d'accès n'a pas été acceptée, ou c'était plus long que 5 minutes. Réessayez.",
    made: "créée {{time}}",
    used: "dernière utilisation {{time}}",
    unused: "jamais utilisée",
    dropName: "Supprimer la clé d'accès {{name}}",
    dropAsk: "Supprimer la clé d'accès {{name}} ?",
    dropText: "Elle ne pourra plus vous connecter. Votre mot de passe le peut toujours, et vous restez connecté là où vous l'êtes.",
    dropped: "Supprimée",
  },
};

export default passkey;
