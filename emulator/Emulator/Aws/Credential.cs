namespace Disa.Emulator.Aws;

/// <summary>What is known of an access key.</summary>
/// <param name="SecretAccessKey">Null where any secret is taken: keys that the emulator did not issue.</param>
/// <param name="SessionToken">The token that must come with a temporary key.</param>
/// <param name="Account">The account it belongs to.</param>
/// <param name="Principal">Who has it.</param>
/// <param name="UserId">The principal's unique id.</param>
public sealed record Credential(string? SecretAccessKey, string? SessionToken, string Account, Principal Principal, string UserId)
{
    /// <summary>Of a key that was never issued, or is deleted.</summary>
    public static readonly Credential Nobody = new(null, null, "", Principal.Nobody, "") { Active = false };

    /// <summary>False for a key that was switched off or deleted.</summary>
    public bool Active { get; init; } = true;

    /// <summary>The policy that AssumeRole was given for the session.</summary>
    public string? SessionPolicy { get; init; }

    /// <summary>When a temporary key ends, on the emulator's clock.</summary>
    public DateTimeOffset? Expiration { get; init; }
}
