using System.Globalization;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Lambda;

/// <summary>CORS of function URLs: Lambda answers preflights itself, and its headers go before the function's.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html#urls-cors.</remarks>
internal static class UrlCors
{
    private const int MostItems = 100;
    private const int LongestAge = 86_400;
    private const string Prefix = "access-control-";

    private static readonly string[] Methods = ["GET", "PUT", "HEAD", "POST", "PATCH", "DELETE", "*"];

    /// <summary>What is to be kept: one without a member is none.</summary>
    /// <exception cref="Aws.AwsException">ValidationException: a list too long, a method that there is not, an age.</exception>
    public static Cors? Check(Cors? cors)
    {
        if (cors is null || cors == new Cors())
        {
            return null;
        }

        Count(cors.AllowHeaders, "allowHeaders", MostItems);
        Count(cors.AllowOrigins, "allowOrigins", MostItems);
        Count(cors.ExposeHeaders, "exposeHeaders", MostItems);
        Count(cors.AllowMethods, "allowMethods", 6);
        if (cors.AllowMethods?.FirstOrDefault(method => !Methods.Contains(method)) is { } unknown)
        {
            throw LambdaErrors.Constraint(
                unknown,
                "cors.allowMethods",
                $"Member must satisfy enum value set: [{string.Join(", ", Methods)}]"
            );
        }

        return cors.MaxAge is < 0 or > LongestAge
            ? throw LambdaErrors.Constraint(
                cors.MaxAge.Value.ToString(CultureInfo.InvariantCulture),
                "cors.maxAge",
                cors.MaxAge < 0
                    ? "Member must have value greater than or equal to 0"
                    : $"Member must have value less than or equal to {LongestAge}"
            )
            : cors;
    }

    public static bool IsPreflight(SiteRequest request) =>
        request.Method == "OPTIONS" && request.Header("Origin") is not null && request.Header("Access-Control-Request-Method") is not null;

    public static SiteResponse Preflight(Cors cors, SiteRequest request)
    {
        List<(string, string)> headers = [.. Common(cors, request)];
        if (headers.Count > 0)
        {
            Add(headers, "allow-headers", cors.AllowHeaders);
            Add(headers, "allow-methods", cors.AllowMethods);
            if (cors.MaxAge is { } age)
            {
                headers.Add((Prefix + "max-age", age.ToString(CultureInfo.InvariantCulture)));
            }
        }

        return new SiteResponse(200, headers, default);
    }

    /// <summary>The function's answer with Lambda's headers in place of its own.</summary>
    public static SiteResponse Over(Cors? cors, SiteRequest request, SiteResponse response)
    {
        if (cors is null || request.Header("Origin") is null)
        {
            return response;
        }

        List<(string, string)> headers =
        [
            .. response.Headers.Where(header => !header.Name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)),
            .. Common(cors, request),
        ];
        Add(headers, "expose-headers", cors.ExposeHeaders);
        return response with { Headers = headers };
    }

    private static IEnumerable<(string, string)> Common(Cors cors, SiteRequest request)
    {
        var origin = request.Header("Origin")!;
        if (
            cors.AllowOrigins is not { } allowed
            || !allowed.Any(one => one == "*" || one.Equals(origin, StringComparison.OrdinalIgnoreCase))
        )
        {
            yield break;
        }

        yield return (Prefix + "allow-origin", cors.AllowCredentials != true && allowed.Contains("*") ? "*" : origin);
        yield return ("vary", "Origin");
        if (cors.AllowCredentials == true)
        {
            yield return (Prefix + "allow-credentials", "true");
        }
    }

    private static void Add(List<(string, string)> headers, string name, IReadOnlyList<string>? values)
    {
        if (values is { Count: > 0 })
        {
            headers.Add((Prefix + name, string.Join(',', values)));
        }
    }

    private static void Count(IReadOnlyList<string>? items, string member, int most)
    {
        if (items?.Count > most)
        {
            throw LambdaErrors.Constraint(
                $"[{string.Join(", ", items)}]",
                "cors." + member,
                $"Member must have length less than or equal to {most}"
            );
        }
    }
}
