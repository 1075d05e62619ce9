'use strict';

/** What a service's artifact holds of its folder: its Python package, which is called like the service, with `_` for `-`. */
module.exports = async ({ resolveVariable }) => {
  const service = await resolveVariable('self:service');
  return { patterns: ['!**', `${service.replaceAll('-', '_')}/**`, '!**/__pycache__/**'] };
};
