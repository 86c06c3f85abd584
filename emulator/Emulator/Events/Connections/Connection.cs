using Disa.Emulator.Aws;

namespace Disa.Emulator.Events;

/// <summary>A connection as it is kept; what is secret of it lies in a secret.</summary>
internal sealed record Connection
{
    public const string Authorized = "AUTHORIZED";

    public required string Name { get; init; }

    public required string Arn { get; init; }

    public required string AuthorizationType { get; init; }

    public string? Description { get; init; }

    public required ConnectionAuth Auth { get; init; }

    public required string SecretArn { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Modified { get; init; }

    /// <summary>A connection by OAuth asks for a token first: nobody is asked here.</summary>
    public string State => AuthorizationType == "OAUTH_CLIENT_CREDENTIALS" ? "AUTHORIZING" : Authorized;
}

/// <summary>How a connection authorizes itself, as it is put; shown without what is secret.</summary>
public sealed record ConnectionAuth
{
    public BasicAuth? BasicAuthParameters { get; init; }

    public OAuth? OAuthParameters { get; init; }

    public ApiKeyAuth? ApiKeyAuthParameters { get; init; }

    public ConnectionHttp? InvocationHttpParameters { get; init; }

    internal ConnectionAuth Shown() =>
        this with
        {
            BasicAuthParameters = BasicAuthParameters is null ? null : BasicAuthParameters with { Password = null },
            ApiKeyAuthParameters = ApiKeyAuthParameters is null ? null : ApiKeyAuthParameters with { ApiKeyValue = null },
            OAuthParameters = OAuthParameters is null
                ? null
                : OAuthParameters with
                {
                    ClientParameters = OAuthParameters.ClientParameters is { } client ? client with { ClientSecret = null } : null,
                    OAuthHttpParameters = OAuthParameters.OAuthHttpParameters?.Shown(),
                },
            InvocationHttpParameters = InvocationHttpParameters?.Shown(),
        };
}

public sealed record BasicAuth(string? Username, string? Password);

public sealed record ApiKeyAuth(string? ApiKeyName, string? ApiKeyValue);

public sealed record OAuth(
    OAuthClient? ClientParameters,
    string? AuthorizationEndpoint,
    string? HttpMethod,
    ConnectionHttp? OAuthHttpParameters
);

public sealed record OAuthClient(string? ClientID, string? ClientSecret);

public sealed record ConnectionHttp(
    IReadOnlyList<ConnectionHttpParameter>? HeaderParameters,
    IReadOnlyList<ConnectionHttpParameter>? QueryStringParameters,
    IReadOnlyList<ConnectionHttpParameter>? BodyParameters
)
{
    internal ConnectionHttp Shown() => new(Shown(HeaderParameters), Shown(QueryStringParameters), Shown(BodyParameters));

    private static List<ConnectionHttpParameter>? Shown(IReadOnlyList<ConnectionHttpParameter>? parameters) =>
        parameters?.Select(each => each.IsValueSecret == true ? each with { Value = null } : each).ToList();
}

public sealed record ConnectionHttpParameter(string? Key, string? Value, bool? IsValueSecret);

/// <summary>An API destination as it is kept.</summary>
internal sealed record ApiDestination
{
    public required string Name { get; init; }

    public required string Arn { get; init; }

    public string? Description { get; init; }

    public required string ConnectionArn { get; init; }

    public required string InvocationEndpoint { get; init; }

    public required string HttpMethod { get; init; }

    public int Rate { get; init; } = 300;

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Modified { get; init; }
}

/// <summary>Where the secret part of a connection is kept: by another room, which Events does not know.</summary>
/// <param name="Create">Name, value and who asks to the secret's ARN.</param>
/// <param name="Change">ARN and new value.</param>
/// <param name="Delete">ARN; at once and for good.</param>
public sealed record SecretKeeper(
    Func<string, string, Caller, Task<string>> Create,
    Func<string, string, Caller, Task> Change,
    Func<string, Caller, Task> Delete
);
