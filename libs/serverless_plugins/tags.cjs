'use strict';

/**
 * Tags a stack with its origin and its expiry, which stagectl passes in BIGMOUTH_TAGS (a JSON object).
 *
 * They are added after osls has compared what it would deploy with what is deployed: a new commit that changes nothing
 * must not deploy anything.
 *
 * After a deployment, osls sets the tags of the API's stage to those in the state that it saved when it packaged, and would
 * take off what is added here. CloudFormation has tagged the stage like the rest of the stack by then, so the saved state
 * has no tags, and osls leaves the stage alone.
 */
class StageTags {
  constructor(serverless) {
    this.serverless = serverless;
    this.hooks = {
      initialize: () => {
        this.declared = this.settings.stackTags;
      },
      'before:aws:package:finalize:saveServiceState': () => {
        delete this.settings.stackTags;
      },
      'before:aws:deploy:deploy:createStack': () => {
        this.settings.stackTags = { ...this.declared, ...JSON.parse(process.env.BIGMOUTH_TAGS || '{}') };
      },
    };
  }

  /** The settings of the deployment; osls gives `provider` of a plugin another meaning. */
  get settings() {
    return this.serverless.service.provider;
  }
}

module.exports = StageTags;
