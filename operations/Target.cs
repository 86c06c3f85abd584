using System.Diagnostics.CodeAnalysis;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.SecurityToken;
using Amazon.SSO;
using Amazon.SSOOIDC;

namespace Disa.Operations;

/// <summary>Which AWS the command talks to: the emulator unless the caller names an endpoint or a profile.</summary>
/// <param name="Endpoint">Null for AWS itself.</param>
internal sealed record Target(Uri? Endpoint, string Region, AWSCredentials Credentials)
{
    public const int DefaultPort = 4566;

    /// <summary>Says which AWS is meant where neither endpoint nor profile do: <c>aws</c>, or <c>emulator</c>, which is the default.</summary>
    private const string Switch = "DISA_TARGET";

    /// <summary>How long a call may take; the longest ones, which run a function, have a time of their own.</summary>
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LongestLocalCall = TimeSpan.FromSeconds(20);

    /// <summary>How long a connection may take to come about.</summary>
    private static readonly TimeSpan LongestConnect = TimeSpan.FromSeconds(10);

    /// <summary>Credentials that the emulator takes: an access key of twelve digits is the account.</summary>
    private static readonly BasicAWSCredentials EmulatorCredentials = new("000000000000", "disa");

    /// <summary>As the AWS CLI finds it: what is given goes before the environment, and that before the configuration.</summary>
    /// <exception cref="UsageException">The endpoint is no URL, or there is no such profile.</exception>
    /// <exception cref="UnreachableException">There are no credentials for AWS.</exception>
    public static Target From(string? profile, string? url, string? region)
    {
        var (endpoint, onAws) = Place(profile, url);
        profile ??= Variable("AWS_PROFILE");
        region ??= Variable("AWS_REGION") ?? Variable("AWS_DEFAULT_REGION") ?? RegionOf(profile) ?? "us-east-1";
        return new Target(endpoint, region, CredentialsFor(profile, onAws));
    }

    /// <summary>Where that would be, for a sentence; found without credentials.</summary>
    public static string Describe(string? profile, string? url, string? region) =>
        Place(profile, url).Endpoint is { } endpoint ? Shown(endpoint)
        : (region ?? Variable("AWS_REGION") ?? Variable("AWS_DEFAULT_REGION")) is { } known ? $"AWS in {known}"
        : "AWS";

    /// <exception cref="UsageException">DISA_TARGET names nothing that there is.</exception>
    public static void CheckEnvironment()
    {
        if (Variable(Switch) is { } value and not ("aws" or "emulator"))
        {
            throw new UsageException($"{Switch} is '{value}'; it can be 'aws' or 'emulator'.");
        }
    }

    /// <summary>The emulator that this process runs itself.</summary>
    public static Target Emulator(Uri endpoint, string region) => new(endpoint, region, EmulatorCredentials);

    /// <summary>Points a client's configuration here.</summary>
    /// <param name="config">The client's.</param>
    /// <param name="longestCall">How long a call may take where that is more than half a minute.</param>
    public T Configure<T>(T config, TimeSpan? longestCall = null)
        where T : ClientConfig
    {
        config.Timeout = longestCall ?? LongestCall;
        config.ConnectTimeout = LongestConnect;
        if (Endpoint is null)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(Region);
        }
        else
        {
            config.ServiceURL = Endpoint.ToString();
            config.AuthenticationRegion = Region;
            if (Endpoint.IsLoopback)
            {
                // On one's own machine an answer comes at once or not at all.
                config.MaxErrorRetry = 1;
                config.MaxStaleConnectionRetries = 0; // The SDK takes a call without an answer for one, and makes ten more.
                config.Timeout = longestCall ?? LongestLocalCall;
            }
        }

        return config;
    }

    public string Describe() => Endpoint is null ? $"AWS in {Region}" : Shown(Endpoint);

    private static string Shown(Uri endpoint) => endpoint.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);

    private static (Uri? Endpoint, bool OnAws) Place(string? profile, string? url)
    {
        CheckEnvironment();
        url ??= Variable("AWS_ENDPOINT_URL");
        var onAws = (profile ?? Variable("AWS_PROFILE")) is not null || Variable(Switch) == "aws";
        if (url is null)
        {
            return (onAws ? null : new Uri($"http://127.0.0.1:{DefaultPort}"), onAws);
        }

        return Uri.TryCreate(url, UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https" && endpoint!.Host.Length > 0
            ? (endpoint, onAws)
            : throw new UsageException($"'{url}' is not an endpoint URL; it looks like http://127.0.0.1:{DefaultPort}.");
    }

    // A profile with role_arn or sso_session: the SDK makes these by name, so a native program would be without them.
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicConstructors, typeof(AmazonSecurityTokenServiceClient))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicConstructors, typeof(AmazonSecurityTokenServiceConfig))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicConstructors, typeof(AmazonSSOClient))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicConstructors, typeof(AmazonSSOConfig))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicConstructors, typeof(AmazonSSOOIDCClient))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicConstructors, typeof(AmazonSSOOIDCConfig))]
    private static AWSCredentials CredentialsFor(string? profile, bool onAws)
    {
        if (profile is not null)
        {
            return new CredentialProfileStoreChain().TryGetAWSCredentials(profile, out var credentials)
                ? credentials
                : throw new UsageException($"there is no profile '{profile}' in the AWS configuration.");
        }

        if (onAws)
        {
            try
            {
                return Amazon.Runtime.Credentials.DefaultAWSCredentialsIdentityResolver.GetCredentials();
            }
            catch (AmazonClientException none)
            {
                throw new UnreachableException(
                    "there are no credentials for AWS: name a profile with --profile or AWS_PROFILE, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
                    none
                );
            }
        }

        return Variable("AWS_ACCESS_KEY_ID") is { } key && Variable("AWS_SECRET_ACCESS_KEY") is { } secret
            ? Variable("AWS_SESSION_TOKEN") is { } token
                ? new SessionAWSCredentials(key, secret, token)
                : new BasicAWSCredentials(key, secret)
            : EmulatorCredentials;
    }

    private static string? RegionOf(string? profile) =>
        profile is not null && new CredentialProfileStoreChain().TryGetProfile(profile, out var found) ? found.Region?.SystemName : null;

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
