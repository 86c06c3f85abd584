using System.Globalization;
using System.Security.Cryptography;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record GenerateRandomRequest(int? NumberOfBytes);

internal sealed record GenerateRandomResponse(byte[] Plaintext);

/// <summary>Random bytes.</summary>
internal static class GenerateRandom
{
    public static GenerateRandomResponse Run(GenerateRandomRequest request, Caller caller) =>
        new(RandomNumberGenerator.GetBytes(Checked(request.NumberOfBytes ?? throw KmsErrors.Invalid("NumberOfBytes is required."))));

    public static int Checked(int bytes) =>
        bytes switch
        {
            < 1 => throw KmsErrors.Constraint(
                bytes.ToString(CultureInfo.InvariantCulture),
                "numberOfBytes",
                "Member must have value greater than or equal to 1"
            ),
            > 1024 => throw KmsErrors.Constraint(
                bytes.ToString(CultureInfo.InvariantCulture),
                "numberOfBytes",
                "Member must have value less than or equal to 1024"
            ),
            _ => bytes,
        };
}
