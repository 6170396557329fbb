import type { Words } from "@wanlian/protocol/language.js";

/** 供需对接: what the page says of datasets that come near to a demand. */
export const MATCH_PAGE = {
  "match.title": { zh: "目录中相近的数据资源", en: "Datasets that come near" },
  "match.what": {
    zh: "按需求的名称和说明，在目录的名称、字段、分类和简介中查找相同的词语；少见的词语和名称中的词语更重要。是否合用由您判断",
    en: "Words of the demand's name and description that are found in names, fields, categories and abstracts of the catalogue; rare words, and words in names, count more. Whether one serves you judge",
  },
  "match.none": { zh: "目录中没有相近的数据资源", en: "Nothing in the catalogue comes near" },
  "match.words": { zh: "相同的词语", en: "Words in common" },
  "match.nearness": { zh: "相近程度", en: "Nearness" },
  "match.use": { zh: "对接此资源", en: "Match with it" },
  "match.publish": { zh: "没有找到？发布需求", en: "Not there? Publish a demand" },
} as const satisfies Readonly<Record<string, Words>>;
