'use strict';

/**
 * Tags a stack with where it comes from and how long it may stay, when stagectl says so in BIGMOUTH_TAGS (a JSON object).
 *
 * They are added after osls has compared what it would deploy with what is deployed: a new commit that changes nothing
 * must not deploy anything.
 */
class StageTags {
  constructor(serverless) {
    this.serverless = serverless;
    this.hooks = { 'before:aws:deploy:deploy:createStack': () => this.addTags() };
  }

  addTags() {
    const { provider } = this.serverless.service;
    provider.stackTags = { ...provider.stackTags, ...JSON.parse(process.env.BIGMOUTH_TAGS || '{}') };
  }
}

module.exports = StageTags;
