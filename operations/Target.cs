using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;

namespace Disa.Operations;

/// <summary>Which AWS the command talks to: the emulator unless the caller names an endpoint or a profile.</summary>
/// <param name="Endpoint">Null for AWS itself.</param>
internal sealed record Target(Uri? Endpoint, string Region, AWSCredentials Credentials)
{
    public const int DefaultPort = 4566;

    /// <summary>Credentials that the emulator takes: an access key of twelve digits is the account.</summary>
    private static readonly BasicAWSCredentials EmulatorCredentials = new("000000000000", "disa");

    /// <summary>As the AWS CLI finds it: what is given goes before the environment, and that before the configuration.</summary>
    /// <exception cref="MisuseException">The endpoint is no URL, or there is no such profile.</exception>
    public static Target From(string? profile, string? url, string? region)
    {
        profile ??= Variable("AWS_PROFILE");
        url ??= Variable("AWS_ENDPOINT_URL");
        var onAws = profile is not null || Variable("DISA_TARGET") == "aws";
        if (url is null && !onAws)
        {
            url = $"http://127.0.0.1:{DefaultPort}";
        }

        if (url is not null && !(Uri.TryCreate(url, UriKind.Absolute, out var parsedUrl) && parsedUrl.Scheme is "http" or "https"))
        {
            throw new MisuseException($"'{url}' is no endpoint URL; it looks like http://127.0.0.1:{DefaultPort}.");
        }

        region ??= Variable("AWS_REGION") ?? Variable("AWS_DEFAULT_REGION") ?? RegionOf(profile) ?? "us-east-1";
        return new Target(url is null ? null : new Uri(url), region, CredentialsFor(profile, onAws));
    }

    /// <summary>The emulator that this process runs itself.</summary>
    public static Target Emulator(Uri endpoint, string region) => new(endpoint, region, EmulatorCredentials);

    /// <summary>Points a client's configuration here.</summary>
    public T Configure<T>(T config) where T : ClientConfig
    {
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
            }
        }

        return config;
    }

    public string Describe() => Endpoint is null ? $"AWS in {Region}" : Endpoint.GetLeftPart(UriPartial.Authority);

    private static AWSCredentials CredentialsFor(string? profile, bool onAws)
    {
        if (profile is not null)
        {
            return new CredentialProfileStoreChain().TryGetAWSCredentials(profile, out var credentials)
                ? credentials
                : throw new MisuseException($"there is no profile '{profile}' in the AWS configuration.");
        }

        if (onAws)
        {
            return Amazon.Runtime.Credentials.DefaultAWSCredentialsIdentityResolver.GetCredentials();
        }

        return Variable("AWS_ACCESS_KEY_ID") is { } key && Variable("AWS_SECRET_ACCESS_KEY") is { } secret
            ? Variable("AWS_SESSION_TOKEN") is { } token ? new SessionAWSCredentials(key, secret, token) : new BasicAWSCredentials(key, secret)
            : EmulatorCredentials;
    }

    private static string? RegionOf(string? profile) =>
        profile is not null && new CredentialProfileStoreChain().TryGetProfile(profile, out var found) ? found.Region?.SystemName : null;

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
