/** The edition as it travels: one JSON file, known by the SHA-256 of its bytes, never changed after publishing. */

export interface Edition {
  format: 1;
  key: string;
  edition: number;
  change: 'minor' | 'major';
  lang: string;
  title: string;
  summary: string;
  minutes: number;
  criteria: string[];
  pass: number | null;
  valid_for_months: number | null;
  checked_by: string | null;
  check_again: string;
  licence: string;
  sources: string[];
  pocket: string | null;
  source: string;
  media: Media[];
  parts: Part[];
}

export interface Media {
  sha: string;
  name: string;
  type: string;
  kind: 'picture' | 'sound';
  bytes: number;
}

export interface LessonPart {
  kind: 'lesson';
  id: string;
  title: string;
  html: string;
  text: string;
}

export interface QuestionPart {
  kind: 'question';
  id: string;
  lesson: string;
  title: string;
  question: Question;
}

export type Part = LessonPart | QuestionPart;

interface Asked {
  id: string;
  prompt: string;
  instruction: string;
  criteria: string[];
  must: boolean;
  practise: boolean;
  hint: string | null;
  feedback: 'instant' | 'after-sync';
  explain?: string | null;
}

export interface Option {
  key: string;
  html: string;
  /** Withheld, like `right`, when the question's feedback is "after-sync". */
  feedback?: string | null;
  right?: boolean;
}

export interface Item {
  key: string;
  html: string;
}

export interface ChoiceQuestion extends Asked {
  kind: 'single' | 'multiple' | 'truefalse';
  options: Option[];
}

export interface OrderingQuestion extends Asked {
  kind: 'ordering';
  items: Item[];
  order?: string[];
}

export interface MatchingQuestion extends Asked {
  kind: 'matching';
  left: Item[];
  right: Item[];
  pairs?: { [left: string]: string };
}

export interface ReflectionQuestion extends Asked {
  kind: 'reflection';
  prompts: string[];
  shared_with: 'assessor' | 'only me';
  model: string | null;
}

export type Ending = 'good' | 'safe but late' | 'try again';

export interface Scene {
  key: string;
  title: string;
  html: string;
  text: string;
  choices: { key: string; html: string; to: string; feedback: string | null }[];
  ending: Ending | null;
}

export interface BranchingQuestion extends Asked {
  kind: 'branching';
  start: string;
  scenes: Scene[];
}

export type Question = ChoiceQuestion | OrderingQuestion | MatchingQuestion | ReflectionQuestion | BranchingQuestion;

/** Words and their plain meanings; travels like an edition, at `/e/<sha>`. */
export interface Glossary {
  format: 1;
  kind: 'glossary';
  words: { [word: string]: string };
}

/** The questions of an edition in the order they are asked. */
export function questions(edition: Edition): Question[] {
  return edition.parts.flatMap((part) => (part.kind === 'question' ? [part.question] : []));
}
