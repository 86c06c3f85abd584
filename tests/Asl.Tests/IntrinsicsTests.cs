using System.Text.Json;
using Disa.Asl.Data;

namespace Disa.Asl.Tests;

public sealed class IntrinsicsTests
{
    private static readonly JsonElement Input = JsonElement.Parse(
        """{"name":"Ada","n":3,"list":[1,2,3,4,5],"same":[1,2,2,{"a":1},{"a":1}],"object":{"a":1,"b":[true,null]},"text":"{\"k\":1}","quoted":"it's"}"""
    );

    [Theory]
    [InlineData("States.Format('Hello')", "\"Hello\"")]
    [InlineData("States.Format('Hello {}, you are {}', $.name, $.n)", "\"Hello Ada, you are 3\"")]
    [InlineData(@"States.Format('\{{}\} it\'s {}', $.name, null)", "\"{Ada} it's null\"")]
    [InlineData(@"States.Format('C:\\{}', 'x')", "\"C:\\\\x\"")]
    [InlineData("States.Format('{}', $.object)", "\"{a=1, b=[true, null]}\"")]
    [InlineData("States.Format('{}', $.list)", "\"[1, 2, 3, 4, 5]\"")]
    [InlineData("States.StringToJson('')", "null")]
    [InlineData("States.StringToJson(' ')", "null")]
    [InlineData("States.MathAdd(-0.5, 0)", "0")]
    [InlineData("States.MathAdd(-1.5, 0)", "-1")]
    [InlineData("States.MathAdd(-2.5, 0)", "-2")]
    [InlineData("States.MathAdd(-3.5, 0)", "-3")]
    [InlineData("States.MathAdd(-1.49, -1.50)", "-2")]
    [InlineData("States.MathAdd(2.5, 0)", "3")]
    [InlineData("States.StringToJson($.text)", "{\"k\":1}")]
    [InlineData("States.JsonToString($.object)", "\"{\\\"a\\\":1,\\\"b\\\":[true,null]}\"")]
    [InlineData("States.Array()", "[]")]
    [InlineData("States.Array($.name, 1, 'two', true, null, States.Array(-1.5))", "[\"Ada\",1,\"two\",true,null,[-1.5]]")]
    [InlineData("States.ArrayPartition($.list, 2)", "[[1,2],[3,4],[5]]")]
    [InlineData("States.ArrayPartition($.list, 2.6)", "[[1,2,3],[4,5]]")]
    [InlineData("States.ArrayContains($.list, 3)", "true")]
    [InlineData("States.ArrayContains($.list, '3')", "false")]
    [InlineData("States.ArrayRange(1, 9, 2)", "[1,3,5,7,9]")]
    [InlineData("States.ArrayRange(3, 0, -1)", "[3,2,1,0]")]
    [InlineData("States.ArrayGetItem($.list, 1)", "2")]
    [InlineData("States.ArrayLength($.list)", "5")]
    [InlineData("States.ArrayUnique($.same)", "[1,2,{\"a\":1}]")]
    [InlineData("States.Base64Encode('Data to encode')", "\"RGF0YSB0byBlbmNvZGU=\"")]
    [InlineData("States.Base64Decode('RGF0YSB0byBlbmNvZGU=')", "\"Data to encode\"")]
    [InlineData("States.Hash('input data', 'SHA-1')", "\"aaff4a450a104cd177d28d18d74485e8cae074b7\"")]
    [InlineData("States.Hash('', 'MD5')", "\"d41d8cd98f00b204e9800998ecf8427e\"")]
    [InlineData("States.JsonMerge($.object, States.StringToJson('{\"a\":2,\"c\":3}'), false)", "{\"a\":2,\"b\":[true,null],\"c\":3}")]
    [InlineData("States.MathAdd($.n, -1)", "2")]
    [InlineData("States.MathAdd(1.6, 1)", "3")]
    [InlineData("States.StringSplit('1,2,3,4', ',')", "[\"1\",\"2\",\"3\",\"4\"]")]
    [InlineData("States.StringSplit('This.is+a,test=string', '.+,=')", "[\"This\",\"is\",\"a\",\"test\",\"string\"]")]
    public void Answers(string call, string expected) => Assert.Equal(expected, Json.Compact(Evaluate(call)));

    [Theory]
    [InlineData("States.Format('{} {}', 1)")]
    [InlineData("States.Format('{}', 1, 2)")]
    [InlineData("States.Format($.n)")]
    [InlineData("States.StringToJson($.name)")]
    [InlineData("States.ArrayPartition($.list, 0)")]
    [InlineData("States.ArrayPartition($.name, 2)")]
    [InlineData("States.ArrayRange(1, 5000, 1)")]
    [InlineData("States.ArrayRange(1, 5, 0)")]
    [InlineData("States.ArrayGetItem($.list, 9)")]
    [InlineData("States.Base64Decode('*')")]
    [InlineData("States.Hash('x', 'SHA-3')")]
    [InlineData("States.JsonMerge($.object, $.object, true)")]
    [InlineData("States.JsonMerge($.object, 1, false)")]
    [InlineData("States.MathAdd('1', 2)")]
    [InlineData("States.MathRandom(5, 5)")]
    [InlineData("States.UUID(1)")]
    public void Fails_with_an_intrinsic_failure(string call) =>
        Assert.Equal(WorkflowError.IntrinsicFailure, Assert.Throws<WorkflowException>(() => Evaluate(call)).Error);

    [Fact]
    public void Text_over_ten_thousand_characters_is_not_encoded() =>
        Assert.Throws<IntrinsicException>(() => Intrinsics.Call("States.Base64Encode", [Json.Of(new string('x', 10_001))], new Random(1)));

    [Fact]
    public void Random_numbers_keep_to_their_range_and_to_their_seed()
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.InRange(Evaluate("States.MathRandom(1, 3)").GetInt32(), 1, 2);
        }

        Assert.Equal(Evaluate("States.MathRandom(1, 1000000, 7)").GetInt32(), Evaluate("States.MathRandom(1, 1000000, 7)").GetInt32());
    }

    [Fact]
    public void A_UUID_is_of_version_4() =>
        Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", Evaluate("States.UUID()").GetString());

    [Theory]
    [InlineData("States.Nope()")]
    [InlineData("States.Format('x'")]
    [InlineData("States.Format('x)")]
    [InlineData("States.Format(x)")]
    [InlineData("States.Array(1 2)")]
    [InlineData("States.UUID() + 1")]
    [InlineData("Format('x')")]
    public void Refuses_what_is_no_call(string text) => Assert.Throws<FormatException>(() => Expression.Parse(text));

    private static readonly Random Chance = new(1);

    private static JsonElement Evaluate(string call) =>
        Expression.Parse(call).Evaluate(new Scope(Input, () => Json.EmptyObject, Json.EmptyObject, new Moment(default, Chance)));
}
