/** Two short tones: accepted, and needs attention. The result of a test never changes the sound. */

const TONES = { accepted: [880], attention: [440, 330] } as const;
const LENGTH = 0.09;

let context: AudioContext | null = null;

function beep(audio: AudioContext, frequency: number, at: number): void {
  const oscillator = audio.createOscillator();
  const gain = audio.createGain();
  oscillator.frequency.value = frequency;
  gain.gain.setValueAtTime(0.0001, at);
  gain.gain.exponentialRampToValueAtTime(0.25, at + 0.01);
  gain.gain.exponentialRampToValueAtTime(0.0001, at + LENGTH);
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start(at);
  oscillator.stop(at + LENGTH);
}

/** Silent where the browser has no sound or does not allow it yet. */
export function play(tone: keyof typeof TONES): void {
  if (typeof AudioContext === "undefined") return;
  const audio = (context ??= new AudioContext());
  if (audio.state === "suspended") void audio.resume();
  TONES[tone].forEach((frequency, index) => {
    beep(audio, frequency, audio.currentTime + index * (LENGTH + 0.02));
  });
}
