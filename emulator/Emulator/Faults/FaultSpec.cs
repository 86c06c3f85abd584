using System.Globalization;
using System.Text.RegularExpressions;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Faults;

/// <summary>Reads a fault as people write it: <c>sns:Publish=Throttled@0.2</c>. docs/faults.md has the grammar.</summary>
internal static partial class FaultSpec
{
    private const string AfterEffect = ":after";

    /// <exception cref="AwsException">ValidationException: one sentence that says what is wrong.</exception>
    public static FaultRule Parse(string spec, long seed, ServiceDirectory services)
    {
        if (Form().Match(spec) is not { Success: true } form)
        {
            throw Wrong(
                $"'{spec}' is not a valid fault; faults look like sns:Publish=Throttled@0.2, dynamodb:*=latency:500ms@0.1 or stream:duplicate@0.1."
            );
        }

        var rate = double.Parse(form.Groups["rate"].Value, CultureInfo.InvariantCulture);
        if (rate is not (> 0 and <= 1))
        {
            throw Wrong($"the rate {form.Groups["rate"].Value} of '{spec}' is not above 0 and at most 1.");
        }

        var (room, what, effect) = (form.Groups["room"].Value, form.Groups["what"].Value, form.Groups["effect"].Value);
        return form.Groups["effect"].Success && (room, what) is not (("index", "lag") or ("lambda", "freeze"))
            ? OfCalls(spec, seed, services, room, what, effect, rate)
            : Special(spec, seed, room, what, effect, rate);
    }

    private static FaultRule OfCalls(
        string spec,
        long seed,
        ServiceDirectory services,
        string room,
        string operation,
        string effect,
        double rate
    )
    {
        var service =
            services.Services.FirstOrDefault(known => known.SdkName == room)
            ?? services.Services.FirstOrDefault(known => known.SigningName == room)
            ?? throw Wrong(
                $"there is no service '{room}'; there are {string.Join(", ", services.Services.Select(known => known.SdkName).Order(StringComparer.Ordinal))}."
            );
        if (operation != "*" && !service.Operations.ContainsKey(operation))
        {
            var near = service.Operations.Keys.FirstOrDefault(known => known.Equals(operation, StringComparison.OrdinalIgnoreCase));
            throw Wrong($"{room} has no operation '{operation}'{(near is null ? "" : $"; it is {near}")}.");
        }

        if (effect is "timeout" or "drop")
        {
            return new FaultRule(spec, effect == "drop" ? FaultKind.Drop : FaultKind.Timeout, rate, seed)
            {
                Service = service.SdkName,
                Operation = operation,
            };
        }

        if (effect.StartsWith("latency:", StringComparison.Ordinal))
        {
            return new FaultRule(spec, FaultKind.Latency, rate, seed)
            {
                Service = service.SdkName,
                Operation = operation,
                Span = Span(effect["latency:".Length..], spec),
            };
        }

        var isAfter = effect.EndsWith(AfterEffect, StringComparison.Ordinal);
        var code = isAfter ? effect[..^AfterEffect.Length] : effect;
        var error =
            FaultCodes.Find(service.SdkName, code)
            ?? throw Wrong(
                $"'{code}' is not an error that can be injected into {room}; choose {string.Join(", ", FaultCodes.Of(service.SdkName))}, timeout, drop or latency:SPAN."
            );
        if (isAfter && error.StatusCode < 500)
        {
            throw Wrong(
                $"'{code}' of '{spec}' has the status {error.StatusCode}; only an error with a status of 500 or more comes after the effect, as on AWS."
            );
        }

        return new FaultRule(spec, isAfter ? FaultKind.ErrorAfterEffect : FaultKind.Error, rate, seed)
        {
            Service = service.SdkName,
            Operation = operation,
            Error = error,
        };
    }

    private static FaultRule Special(string spec, long seed, string room, string what, string effect, double rate) =>
        (room, what) switch
        {
            ("stream", "duplicate") => new FaultRule(spec, FaultKind.StreamDuplicate, rate, seed),
            ("stream", "reorder") => new FaultRule(spec, FaultKind.StreamReorder, rate, seed),
            ("metrics", "lost") => new FaultRule(spec, FaultKind.MetricsLost, rate, seed),
            ("index", "lag") when effect.Length > 0 => new FaultRule(spec, FaultKind.IndexLag, rate, seed) { Span = Span(effect, spec) },
            ("lambda", "freeze") when effect.Length > 0 => new FaultRule(spec, FaultKind.LambdaFreeze, rate, seed)
            {
                Span = Span(effect, spec),
            },
            ("lambda", "kill") => new FaultRule(spec, FaultKind.LambdaKill, rate, seed),
            ("lambda", _) when what.StartsWith("kill:", StringComparison.Ordinal) => new FaultRule(spec, FaultKind.LambdaKill, rate, seed)
            {
                FunctionSuffix = what["kill:".Length..],
            },
            _ => throw Wrong(
                $"'{spec}' is not a valid fault; the faults without an operation are stream:duplicate, stream:reorder, lambda:kill, lambda:kill:FUNCTIONSUFFIX, lambda:freeze=SPAN, metrics:lost and index:lag=SPAN."
            ),
        };

    private static TimeSpan Span(string text, string spec)
    {
        if (
            Time().Match(text) is not { Success: true } time
            || !int.TryParse(time.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number == 0
        )
        {
            throw Wrong($"'{text}' in '{spec}' is not a duration; durations look like 500ms, 2s or 5m.");
        }

        var span = time.Groups[2].Value switch
        {
            "ms" => TimeSpan.FromMilliseconds(number),
            "s" => TimeSpan.FromSeconds(number),
            "m" => TimeSpan.FromMinutes(number),
            _ => TimeSpan.FromHours(number),
        };
        return span <= TimeSpan.FromDays(1) ? span : throw Wrong($"'{text}' in '{spec}' is more than a day.");
    }

    private static AwsException Wrong(string sentence) => new("ValidationException", sentence);

    [GeneratedRegex(@"^(?<room>[a-z0-9-]+):(?<what>[A-Za-z0-9*][A-Za-z0-9_:-]*)(=(?<effect>[A-Za-z0-9:]+))?@(?<rate>[0-9]+(\.[0-9]+)?)\z")]
    private static partial Regex Form();

    [GeneratedRegex(@"^([0-9]+)(ms|s|m|h)\z")]
    private static partial Regex Time();
}
