'use strict';

const FORM = /^(?<owner>[\w-]+)(?:@(?<ownerId>\d+))?\/(?<name>[\w.-]+)(?:@(?<id>\d+))?$/;
const EXAMPLES = '--param="repository=owner/name", or with GitHub\'s ids --param="repository=owner@OWNER_ID/name@REPOSITORY_ID"';

/**
 * Parses the repository that may deploy, in either form of the subjects of GitHub's tokens.
 *
 * Repositories created, renamed or transferred since 2026-07-15, and those that chose it, have their ids in the subject.
 */
function parseRepository(text) {
  if (!text) throw new Error(`Missing parameter repository. Pass ${EXAMPLES}`);
  const { groups } = FORM.exec(text) ?? {};
  if (!groups) throw new Error(`"${text}" is not a GitHub repository. Pass ${EXAMPLES}`);
  const { owner, ownerId, name, id } = groups;
  if (!ownerId !== !id) {
    throw new Error(`"${text}" has one id of two. Pass the ids of both owner and repository, or none: ${EXAMPLES}`);
  }
  return { subject: text, fullName: `${owner}/${name}`, id };
}

/** Checks that a parameter is the name of one branch. */
function branch(parameter, text) {
  if (/[*?]/.test(text)) throw new Error(`${parameter} must be one branch, not the pattern "${text}"`);
  return branches(parameter, text);
}

/** Checks that a parameter is a branch's name or pattern, and no other part of a token's subject. */
function branches(parameter, text) {
  if (!text || /[\s:~^[\\\]]|^refs\/|\$\{/.test(text)) {
    throw new Error(`${parameter} must be names of branches, such as main or release/*, not "${text}"`);
  }
  return text;
}

module.exports = { branch, branches, parseRepository };
