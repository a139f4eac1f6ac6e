export type Camera = { stop: () => void; torch: ((on: boolean) => Promise<void>) | null };

/** Why there is no picture: the person said no, there is no camera, or another app has it. */
export type NoCamera = "denied" | "none" | "busy";

type Torch = MediaTrackCapabilities & { torch?: boolean };

/** Shows what the camera at the phone's back sees. */
export async function openCamera(video: HTMLVideoElement): Promise<Camera> {
  if (!navigator.mediaDevices) throw new DOMException("no camera without a secure address", "NotFoundError");
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: { ideal: "environment" }, width: { ideal: 1_280 }, height: { ideal: 720 } },
  });
  const [track] = stream.getVideoTracks();
  video.srcObject = stream;
  await video.play();
  const can = (track?.getCapabilities?.() as Torch | undefined)?.torch === true;
  return {
    stop: () => stream.getTracks().forEach((one) => one.stop()),
    torch: can ? async (on) => track?.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] }) : null,
  };
}

export function whyNoCamera(error: unknown): NoCamera {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  return name === "NotReadableError" || name === "AbortError" ? "busy" : "none";
}
