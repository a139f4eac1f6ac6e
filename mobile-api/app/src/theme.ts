import { Button, createTheme, type MantineColorsTuple } from "@mantine/core";

const blue: MantineColorsTuple = [
  "#eef2fb", "#dce4f5", "#b9c8ea", "#93a9de", "#718dd2", "#557ac0", "#3b5ba5", "#324e8f", "#2a4178", "#213461",
];

/** Red as the problem colour of base.css: white words on it can be read. */
const red: MantineColorsTuple = [
  "#fdeceb", "#fbdad7", "#f5b3ae", "#ee8b84", "#ff8a80", "#d84a41", "#b3261e", "#9c1f18", "#861a14", "#701510",
];

export const theme = createTheme({
  colors: { brand: blue, red },
  primaryColor: "brand",
  primaryShade: 6,
  autoContrast: true,
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
  headings: { fontFamily: "inherit", fontWeight: "650" },
  defaultRadius: "lg",
  radius: { lg: "14px" },
  respectReducedMotion: true,
  cursorType: "pointer",
  components: {
    Button: Button.extend({ defaultProps: { size: "md" } }),
    // Without its own `extend`: that would load the dialogs with the first screen.
    Modal: { defaultProps: { radius: "lg", padding: "lg" }, styles: { title: { fontSize: 20, fontWeight: 650 } } },
  },
});
