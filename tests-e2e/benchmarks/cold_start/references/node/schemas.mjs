export const requestSchema = {
  type: 'object',
  required: ['body'],
  properties: {
    body: {
      type: 'object',
      required: ['theme'],
      properties: {
        theme: { type: 'string', minLength: 1, maxLength: 60 },
        count: { type: 'integer', minimum: 1, maximum: 50 },
      },
    },
  },
};

export const responseSchema = {
  type: 'object',
  required: ['statusCode', 'body'],
  properties: {
    statusCode: { type: 'integer' },
    body: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'image', 'themes'],
        properties: {
          name: { type: 'string' },
          image: { type: 'string' },
          themes: { type: 'array', items: { type: 'string' } },
        },
      },
    },
  },
};
