using System.Collections.Frozen;
using Disa.Jsonata.Evaluation;
using Disa.Jsonata.Values;

namespace Disa.Jsonata.Functions;

/// <summary>The functions that are there without being defined, with their signatures; a number is how many arguments one takes of a higher-order function.</summary>
internal static class Library
{
    private static readonly FrozenDictionary<string, NativeFunction> Reference = new Dictionary<string, NativeFunction>
    {
        ["sum"] = new(1, "<a<n>:n>", Aggregates.Sum),
        ["count"] = new(1, "<a:n>", Aggregates.Count),
        ["max"] = new(1, "<a<n>:n>", Aggregates.Max),
        ["min"] = new(1, "<a<n>:n>", Aggregates.Min),
        ["average"] = new(1, "<a<n>:n>", Aggregates.Average),
        ["string"] = new(1, "<x-b?:s>", Strings.String),
        ["substring"] = new(3, "<s-nn?:s>", Strings.Substring),
        ["substringBefore"] = new(2, "<s-s:s>", Strings.SubstringBefore),
        ["substringAfter"] = new(2, "<s-s:s>", Strings.SubstringAfter),
        ["lowercase"] = new(1, "<s-:s>", Strings.Lowercase),
        ["uppercase"] = new(1, "<s-:s>", Strings.Uppercase),
        ["length"] = new(1, "<s-:n>", Strings.Length),
        ["trim"] = new(1, "<s-:s>", Strings.Trim),
        ["pad"] = new(3, "<s-ns?:s>", Strings.Pad),
        ["match"] = new(3, "<s-f<s:o>n?:a<o>>", Matching.Match),
        ["contains"] = new(2, "<s-(sf):b>", Matching.Contains),
        ["replace"] = new(4, "<s-(sf)(sf)n?:s>", Replacement.Replace),
        ["split"] = new(3, "<s-(sf)n?:a<s>>", Matching.Split),
        ["join"] = new(2, "<a<s>s?:s>", Strings.Join),
        ["formatNumber"] = new(3, "<n-so?:s>", NumberPicture.Format),
        ["formatBase"] = new(2, "<n-n?:s>", Arithmetic.FormatBase),
        ["formatInteger"] = new(2, "<n-s:s>", IntegerFunctions.FormatInteger),
        ["parseInteger"] = new(2, "<s-s:n>", IntegerFunctions.ParseInteger),
        ["number"] = new(1, "<(nsb)-:n>", Arithmetic.Number),
        ["floor"] = new(1, "<n-:n>", Arithmetic.Floor),
        ["ceil"] = new(1, "<n-:n>", Arithmetic.Ceil),
        ["round"] = new(2, "<n-n?:n>", Arithmetic.Round),
        ["abs"] = new(1, "<n-:n>", Arithmetic.Abs),
        ["sqrt"] = new(1, "<n-:n>", Arithmetic.Sqrt),
        ["power"] = new(2, "<n-n:n>", Arithmetic.Power),
        ["random"] = new(0, "<:n>", (call, _) => new NumberValue(call.Evaluator.Environment.Random.NextDouble())),
        ["boolean"] = new(1, "<x-:b>", Logic.Boolean),
        ["not"] = new(1, "<x-:b>", Logic.Not),
        ["exists"] = new(1, "<x:b>", Logic.Exists),
        ["type"] = new(1, "<x:s>", Logic.Type),
        ["error"] = new(1, "<s?:x>", Logic.Error),
        ["assert"] = new(2, "<bs?:x>", Logic.Assert),
        ["map"] = new(2, "<af>", HigherOrder.Map),
        ["filter"] = new(2, "<af>", HigherOrder.Filter),
        ["single"] = new(2, "<af?>", HigherOrder.Single),
        ["reduce"] = new(3, "<afj?:j>", HigherOrder.Reduce),
        ["sift"] = new(2, "<o-f?:o>", HigherOrder.Sift),
        ["each"] = new(2, "<o-f:a>", HigherOrder.Each),
        ["sort"] = new(2, "<af?:a>", HigherOrder.Sort),
        ["zip"] = new(0, "<a+>", Arrays.Zip),
        ["append"] = new(2, "<xx:a>", Arrays.Append),
        ["reverse"] = new(1, "<a:a>", Arrays.Reverse),
        ["shuffle"] = new(1, "<a:a>", Arrays.Shuffle),
        ["distinct"] = new(1, "<x:x>", Arrays.Distinct),
        ["keys"] = new(1, "<x-:a<s>>", Objects.Keys),
        ["lookup"] = new(2, "<x-s:x>", Objects.Lookup),
        ["spread"] = new(1, "<x-:a<o>>", Objects.Spread),
        ["merge"] = new(1, "<a<o>:o>", Objects.Merge),
        ["clone"] = new(1, "<(oa)-:o>", Objects.Clone),
        ["base64encode"] = new(1, "<s-:s>", Encodings.Base64Encode),
        ["base64decode"] = new(1, "<s-:s>", Encodings.Base64Decode),
        ["encodeUrlComponent"] = new(1, "<s-:s>", Encodings.EncodeUrlComponent),
        ["encodeUrl"] = new(1, "<s-:s>", Encodings.EncodeUrl),
        ["decodeUrlComponent"] = new(1, "<s-:s>", Encodings.DecodeUrlComponent),
        ["decodeUrl"] = new(1, "<s-:s>", Encodings.DecodeUrl),
        ["toMillis"] = new(2, "<s-s?:n>", DateTimeFunctions.ToMillis),
        ["fromMillis"] = new(3, "<n-s?s?:s>", DateTimeFunctions.FromMillis),
        ["now"] = new(2, "<s?s?:s>", DateTimeFunctions.Now),
        ["millis"] = new(0, "<:n>", DateTimeFunctions.Millis),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly NativeFunction Eval = new(2, "<sx?:x>", Logic.Eval);

    public static bool Has(string name) =>
        name == "eval" || Reference.ContainsKey(name) || StepFunctionsLibrary.Functions.ContainsKey(name);

    /// <summary>A frame with the functions that the options allow.</summary>
    public static Frame Frame(EvaluationOptions options)
    {
        var frame = new Frame(null, Reference);
        if (options.AllowsEval)
        {
            frame.Bind("eval", Eval);
        }

        if (options.HasStepFunctions)
        {
            foreach (var (name, function) in StepFunctionsLibrary.Functions)
            {
                frame.Bind(name, function);
            }
        }

        return frame;
    }
}
