using System.Security.Cryptography;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Secrets;

internal sealed record GetRandomPasswordRequest
{
    public long? PasswordLength { get; init; }

    public string? ExcludeCharacters { get; init; }

    public bool? ExcludeNumbers { get; init; }

    public bool? ExcludePunctuation { get; init; }

    public bool? ExcludeUppercase { get; init; }

    public bool? ExcludeLowercase { get; init; }

    public bool? IncludeSpace { get; init; }

    public bool? RequireEachIncludedType { get; init; }
}

internal sealed record GetRandomPasswordResponse(string RandomPassword);

/// <summary>A password of chance, with one character of each kind unless told otherwise.</summary>
/// <remarks>https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html</remarks>
internal static class GetRandomPassword
{
    private const int Usual = 32;
    private const int Most = 4096;

    public static GetRandomPasswordResponse Run(GetRandomPasswordRequest request, Caller caller) => new(Make(request));

    public static string Make(GetRandomPasswordRequest request)
    {
        var length = request.PasswordLength ?? Usual;
        if (length is < 1 or > Most)
        {
            throw SecretsErrors.Constraint(
                length.ToString(System.Globalization.CultureInfo.InvariantCulture),
                "passwordLength",
                $"Member must have value {(length < 1 ? "greater than or equal to 1" : $"less than or equal to {Most}")}"
            );
        }

        SecretsErrors.Within(request.ExcludeCharacters, "excludeCharacters", 0, Most);
        var kinds = Kinds(request)
            .Select(kind => string.Concat(kind.Where(character => request.ExcludeCharacters?.Contains(character) != true)))
            .Where(kind => kind.Length > 0)
            .ToList();
        if (kinds.Count == 0)
        {
            throw SecretsErrors.Request("The password can't be generated because all characters are excluded.");
        }

        if (request.RequireEachIncludedType == false)
        {
            return RandomNumberGenerator.GetString(string.Concat(kinds), (int)length);
        }

        if (length < kinds.Count)
        {
            throw SecretsErrors.Parameter($"Password length {length} is too short based on the required types.");
        }

        var characters = kinds
            .SelectMany(kind => RandomNumberGenerator.GetString(kind, 1))
            .Concat(RandomNumberGenerator.GetString(string.Concat(kinds), (int)length - kinds.Count))
            .ToArray();
        RandomNumberGenerator.Shuffle<char>(characters);
        return new string(characters);
    }

    private static string[] Kinds(GetRandomPasswordRequest request) =>
        [
            request.ExcludeUppercase == true ? "" : "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
            request.ExcludeLowercase == true ? "" : "abcdefghijklmnopqrstuvwxyz",
            request.ExcludeNumbers == true ? "" : "0123456789",
            request.ExcludePunctuation == true ? "" : "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
            request.IncludeSpace == true ? " " : "",
        ];
}
