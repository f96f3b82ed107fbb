/** What the gateway reads of an OpenAPI document with API Gateway's extensions. */
export interface Integration {
  readonly type?: string;
  readonly timeoutInMillis?: number;
  readonly responseTransferMode?: 'BUFFERED' | 'STREAM';
  readonly requestTemplates?: Readonly<Record<string, string>>;
  readonly responses?: Readonly<Record<string, MockResponse>>;
}

export interface MockResponse {
  readonly statusCode: string | number;
  readonly responseTemplates?: Readonly<Record<string, string>>;
}

export interface Operation {
  readonly operationId?: string;
  readonly security?: readonly Readonly<Record<string, unknown>>[];
  readonly 'x-amazon-apigateway-integration'?: Integration;
}

export interface SecurityScheme {
  readonly type: string;
  readonly 'x-amazon-apigateway-authorizer'?: {
    readonly identitySource?: string;
    readonly authorizerResultTtlInSeconds?: number;
  };
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly security?: Operation['security'];
  readonly components?: { readonly securitySchemes?: Readonly<Record<string, SecurityScheme>> };
}
