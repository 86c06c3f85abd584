using Disa.Emulator.DynamoDb.Expressions;

namespace Disa.Emulator.DynamoDb.Legacy;

/// <summary>The names of the attributes wanted, as a projection: names only, a dot in one is part of it.</summary>
internal static class AttributesToGet
{
    public static Projection? ToProjection(List<string>? names)
    {
        if (names is null)
        {
            return null;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        if (names.Find(name => !seen.Add(name)) is { } twice)
        {
            throw Errors.Invalid($"Duplicate value in attribute name: {twice}");
        }

        return new Projection(names.ConvertAll(DocumentPath.Of));
    }
}
