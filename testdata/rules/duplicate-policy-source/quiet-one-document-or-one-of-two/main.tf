resource "aws_api_gateway_rest_api" "orders" {
  name = "orders"
  policy = data.aws_iam_policy_document.a.json
  endpoint_configuration { types = ["REGIONAL"] }
}

resource "aws_api_gateway_method" "get" {
  rest_api_id   = aws_api_gateway_rest_api.orders.id
  resource_id   = aws_api_gateway_rest_api.orders.root_resource_id
  http_method   = "GET"
  authorization = "AWS_IAM"
}

data "aws_iam_policy_document" "a" {
  statement {
    effect    = "Allow"
    actions   = ["execute-api:Invoke"]
    resources = ["execute-api:/*"]
    principals {
      type        = "AWS"
      identifiers = ["111122223333"]
    }
  }
}

resource "aws_api_gateway_rest_api_policy" "a" {
  rest_api_id = aws_api_gateway_rest_api.orders.id
  policy      = data.aws_iam_policy_document.a.json
}

variable "strict" { default = true }

resource "aws_api_gateway_rest_api" "stock" {
  name = "stock"
  endpoint_configuration { types = ["REGIONAL"] }
}

resource "aws_api_gateway_method" "stock" {
  rest_api_id   = aws_api_gateway_rest_api.stock.id
  resource_id   = aws_api_gateway_rest_api.stock.root_resource_id
  http_method   = "GET"
  authorization = "AWS_IAM"
}

resource "aws_api_gateway_rest_api_policy" "strict" {
  count       = var.strict ? 1 : 0
  rest_api_id = aws_api_gateway_rest_api.stock.id
  policy      = data.aws_iam_policy_document.a.json
}

resource "aws_api_gateway_rest_api_policy" "wide" {
  count       = var.strict ? 0 : 1
  rest_api_id = aws_api_gateway_rest_api.stock.id
  policy      = data.aws_iam_policy_document.b.json
}

data "aws_iam_policy_document" "b" {
  statement {
    effect    = "Allow"
    actions   = ["execute-api:Invoke"]
    resources = ["execute-api:/*"]
    principals {
      type        = "AWS"
      identifiers = ["111122223333"]
    }
  }
}
