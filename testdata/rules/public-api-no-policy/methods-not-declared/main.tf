resource "aws_api_gateway_rest_api" "api" { # expect: public-api-no-policy low
  name = "api"

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}
