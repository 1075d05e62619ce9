'use strict';

/** The files of a service's folder in its artifact: the Python package with the service's name, with `_` for `-`. */
module.exports = async ({ resolveVariable }) => {
  const service = await resolveVariable('self:service');
  return { patterns: ['!**', `${service.replaceAll('-', '_')}/**`, '!**/__pycache__/**'] };
};
